/** Processor, cores, load, memory, Node, system and, where NVIDIA's own tool is there, its GPUs with their driver. */
export function machine(): {
  readonly node: string;
  readonly os: string;
  readonly processor: string;
  readonly cores: number;
  readonly load: number;
  readonly memoryBytes: number;
  readonly nvidia?: string | readonly { name: string; driver: string; memory: string }[];
};

import { MixtureError } from '../errors.ts';

/** A compiled entry point. Bind groups by lifetime: 0 data, 1 model, 2 workspace, 3 dispatch (dynamic offset). */
export interface Kernel {
  readonly pipeline: GPUComputePipeline;
  readonly layouts: readonly GPUBindGroupLayout[];
}

export type BindingKind = 'read' | 'write' | 'uniform';

export interface KernelSource {
  readonly name: string;
  readonly entryPoint: string;
  readonly code: string;
  /** Bindings of each group, in order. */
  readonly groups: readonly (readonly BindingKind[])[];
}

const COMPUTE_STAGE = 0x4;

/**
 * Compiles a kernel. A shader that the implementation rejects is reported with its line, column and message.
 * @throws MixtureError SHADER_COMPILE
 */
export async function compileKernel(device: GPUDevice, source: KernelSource): Promise<Kernel> {
  const layouts = source.groups.map((bindings, group) =>
    device.createBindGroupLayout({
      label: `${source.name}.group${group}`,
      entries: bindings.map((kind, binding) => ({
        binding,
        visibility: COMPUTE_STAGE,
        buffer: {
          type: kind === 'read' ? 'read-only-storage' : kind === 'write' ? 'storage' : 'uniform',
          hasDynamicOffset: kind === 'uniform',
        },
      })),
    }),
  );
  const module = device.createShaderModule({ label: source.name, code: source.code });
  try {
    const pipeline = await device.createComputePipelineAsync({
      label: source.name,
      layout: device.createPipelineLayout({ label: source.name, bindGroupLayouts: layouts }),
      compute: { module, entryPoint: source.entryPoint },
    });
    return { pipeline, layouts };
  } catch (error) {
    const { messages } = await module.getCompilationInfo();
    const report = messages
      .map((m) => `${m.lineNum}:${m.linePos} ${m.type}: ${m.message}`)
      .join('; ');
    throw new MixtureError(
      'SHADER_COMPILE',
      `The kernel ${source.name} does not compile on this device: ${report || String(error)}.`,
      'Please report this with the name of the browser and adapter; backend: "cpu" works meanwhile.',
      { kernel: source.name, code: source.code },
      error,
    );
  }
}

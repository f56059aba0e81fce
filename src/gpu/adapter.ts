/** Why the context came out as it did. */
export type ContextCode =
  | 'HARDWARE'
  | 'SOFTWARE_REQUESTED'
  | 'OWN_DEVICE'
  | 'CPU_REQUESTED'
  | 'INSECURE_CONTEXT'
  | 'WEBGPU_UNAVAILABLE'
  | 'NO_ADAPTER'
  | 'SOFTWARE_ADAPTER'
  | 'DEVICE_REQUEST_FAILED'
  | 'NOT_ON_DEVICE';

/** What was looked for and found, as data and as one sentence for a person. */
export interface ContextInfo {
  /** Which of the two sides computes. */
  readonly backend: 'webgpu' | 'cpu';
  /** Why it is this one, as a word a program can branch on. */
  readonly code: ContextCode;
  /** Why this backend: one sentence. */
  readonly reason: string;
  /** Vendor, architecture and description, e.g. "google swiftshader (SwiftShader Device)"; undefined without an adapter. */
  readonly adapter: string | undefined;
  /** Whether the adapter computes on the CPU. */
  readonly software: boolean;
  /** The limits that bound a fit; empty on the CPU. */
  readonly limits: Readonly<Record<string, number>>;
  /** Worker threads of the CPU side; 0 where the plain float64 reference computes, or a device. */
  readonly threads: number;
}

/** The limits a fit depends on: asked for at the adapter's own values, reported to the caller. */
export const LIMIT_NAMES = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxComputeWorkgroupsPerDimension',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
] as const;

/** Names of implementations of WebGPU on the CPU, as their adapter infos give them. */
const SOFTWARE_NAMES = /swiftshader|llvmpipe|lavapipe|software|basic render|\bwarp\b/i;

/** A name for people; Safari and Firefox leave fields of the info empty. */
export function describeAdapter(info: Partial<GPUAdapterInfo> | undefined): string {
  const name = [info?.vendor, info?.architecture].filter(Boolean).join(' ');
  const detail = info?.description || info?.device || '';
  return [name || (detail ? '' : 'unnamed adapter'), name && detail ? `(${detail})` : detail]
    .filter(Boolean)
    .join(' ');
}

/** Whether an adapter computes on the CPU, by its own flag or by its name. */
export function isSoftware(info: Partial<GPUAdapterInfo> | undefined): boolean {
  const words = [info?.vendor, info?.architecture, info?.device, info?.description].join(' ');
  return info?.isFallbackAdapter === true || SOFTWARE_NAMES.test(words);
}

/** The named limits of an adapter or device. */
export function readLimits(limits: GPUSupportedLimits): Record<string, number> {
  return Object.fromEntries(LIMIT_NAMES.map((name) => [name, limits[name]]));
}

import { MixtureError } from '../errors.ts';

/** An optional package, loaded when a file needs it. @throws MixtureError INVALID_OPTION where it is not installed */
export async function loadPackage<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    throw new MixtureError(
      'INVALID_OPTION',
      `The npm package "${name}", which reads files of this format, cannot be loaded.`,
      `Install it: npm install ${name}.`,
      { package: name },
      error,
    );
  }
}

/** Hands a file to the browser to save. */
export function save(fileName: string, file: Blob): void {
  const address = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = address;
  link.download = fileName;
  link.click();
  // a minute, as a browser that asks where to save reads the blob only then
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

import { element } from './elements.ts';

/** Calls `onFile` for a file chosen or dropped anywhere on the page. */
export function acceptFiles(onFile: (file: File) => void): void {
  const input = element('file', HTMLInputElement);
  const curtain = element('drop', HTMLElement);
  input.addEventListener('change', () => {
    const file = input.files?.[0];
    if (file) onFile(file);
    // so that choosing the same file again, after mending it, is a change too
    input.value = '';
  });
  // enter and leave also come for every element passed over; the depth says whether the pointer left the page
  let depth = 0;
  const lower = (change: number) => {
    depth = Math.max(0, depth + change);
    curtain.hidden = depth === 0;
  };
  window.addEventListener('dragenter', (event) => {
    if (hasFiles(event)) lower(1);
  });
  window.addEventListener('dragleave', (event) => {
    if (hasFiles(event)) lower(-1);
  });
  window.addEventListener('dragover', (event) => {
    if (hasFiles(event)) event.preventDefault();
  });
  window.addEventListener('drop', (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    lower(-depth);
    const file = event.dataTransfer?.files[0];
    if (file) onFile(file);
  });
}

function hasFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes('Files') ?? false;
}

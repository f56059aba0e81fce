import { element } from '../shared/elements.ts';

/** Calls `onFiles` for files chosen or dropped together, anywhere on the page. */
export function acceptFiles(onFiles: (files: File[]) => void): void {
  const input = element('file', HTMLInputElement);
  const curtain = element('drop', HTMLElement);
  const accept = (files: FileList | null | undefined) => {
    if (files && files.length > 0) onFiles([...files]);
  };
  input.addEventListener('change', () => {
    accept(input.files);
    // so that choosing the same file again, after mending it, is a change too
    input.value = '';
  });
  // enter and leave also come for every element passed over; the depth says whether the pointer left the page
  let depth = 0;
  const onFileDrag = (type: 'dragenter' | 'dragleave' | 'dragover' | 'drop', change: number) => {
    window.addEventListener(type, (event) => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      if (type === 'dragover' || type === 'drop') event.preventDefault();
      depth = type === 'drop' ? 0 : Math.max(0, depth + change);
      curtain.hidden = depth === 0;
      if (type === 'drop') accept(event.dataTransfer.files);
    });
  };
  onFileDrag('dragenter', 1);
  onFileDrag('dragleave', -1);
  onFileDrag('dragover', 0);
  onFileDrag('drop', 0);
}

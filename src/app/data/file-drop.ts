import { element } from '../shared/elements.ts';

/** Calls `onFiles` for files chosen in the page's field for them, or dropped together anywhere on the page. */
export function acceptFiles(onFiles: (files: File[]) => void): void {
  const input = element('file', HTMLInputElement);
  input.addEventListener('change', () => {
    if (input.files && input.files.length > 0) onFiles([...input.files]);
    // so that choosing the same file again, after mending it, is a change too
    input.value = '';
  });
  acceptDrops(onFiles);
}

/** Calls `onFiles` for files dropped together, anywhere on the page. */
export function acceptDrops(onFiles: (files: File[]) => void): void {
  const curtain = element('drop', HTMLElement);
  // enter and leave also come for every element passed over; the depth says whether the pointer left the page
  let depth = 0;
  const onFileDrag = (type: 'dragenter' | 'dragleave' | 'dragover' | 'drop', change: number) => {
    window.addEventListener(type, (event) => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      if (type === 'dragover' || type === 'drop') event.preventDefault();
      depth = type === 'drop' ? 0 : Math.max(0, depth + change);
      curtain.hidden = depth === 0;
      if (type === 'drop' && event.dataTransfer.files.length > 0) {
        onFiles([...event.dataTransfer.files]);
      }
    });
  };
  onFileDrag('dragenter', 1);
  onFileDrag('dragleave', -1);
  onFileDrag('dragover', 0);
  onFileDrag('drop', 0);
}

/** Calls back for what is pasted outside of fields: files or text. */
export function acceptPastes(
  onFiles: (files: File[]) => void,
  onText: (text: string) => void,
): void {
  document.addEventListener('paste', (event) => {
    const { target, clipboardData } = event;
    const isField =
      target instanceof HTMLElement &&
      (target.isContentEditable || target.matches('input, textarea, select'));
    if (isField || !clipboardData || document.querySelector('dialog[open]')) return;
    const text = clipboardData.getData('text/plain');
    if (clipboardData.files.length > 0) onFiles([...clipboardData.files]);
    else if (text.trim() !== '') onText(text);
    else return;
    event.preventDefault();
  });
}

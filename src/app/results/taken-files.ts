/** What is loaded when something is taken away first: the writers of files, and the reader of models. */
export { modelJson, readModelFile } from './model-file.ts';
export { computeResult, nRowsOf, resultFile } from './result-file.ts';

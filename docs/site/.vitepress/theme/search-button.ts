import { defineComponent, h } from 'vue';

/** Opens the search. What is read on it is its name; VitePress's own shows keys that its label leaves out. */
export default defineComponent(
  () => () => h('button', { type: 'button', 'aria-keyshortcuts': 'Control+K /' }, 'Search'),
);

import { useData } from 'vitepress';
import VPNavBarSearch from 'vitepress/dist/client/theme-default/components/VPNavBarSearch.vue';
import { defineComponent, h, onMounted, ref, watch } from 'vue';
import masthead from '../../../../src/app/shared/masthead.html?raw';

/** What the pages' own bar has: the mark, and the ways to the pages from where they lie, `digits/` for instance. */
const MARK = /<svg[\s\S]*?<\/svg>/.exec(masthead)?.[0] ?? '';
const PAGES = [...masthead.matchAll(/<a href="%ROOT%([^"]*)">([^<]+)<\/a>/g)].map(
  ([, path = '', name = '']) => ({ path, name }),
);

/** The pages' bar in the place of VitePress's, with the search beside the switch. */
export default defineComponent(() => {
  const { isDark, site } = useData();
  // (the server's half knows no theme: what differs from it is set when the page is there)
  const pressed = ref(false);
  onMounted(() => watch(isDark, (dark) => (pressed.value = dark), { immediate: true }));
  return () =>
    h('header', { class: 'masthead VPNav' }, [
      h('p', { class: 'brand' }, [h('span', { innerHTML: MARK }), 'webgpu-em']),
      h('nav', { 'aria-label': 'Pages' }, [
        PAGES.map(({ path, name }) =>
          path === 'docs/'
            ? h('a', { href: site.value.base, 'aria-current': 'true' }, name)
            : h('a', { href: `${site.value.base}../${path}`, target: '_self' }, name),
        ),
      ]),
      h(VPNavBarSearch),
      h(
        'button',
        {
          type: 'button',
          class: 'quiet',
          'aria-pressed': String(pressed.value),
          onClick: () => (isDark.value = !isDark.value),
        },
        'Dark',
      ),
    ]);
});

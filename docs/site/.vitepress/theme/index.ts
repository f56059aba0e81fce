// VitePress's own theme, without its font files, in the pages' colours, with a picture of the page on its first.
import Theme from 'vitepress/theme-without-fonts';
import { useData } from 'vitepress';
import { defineComponent, h, onMounted, watch } from 'vue';
import page from '../../../page.png';
import './style.css';

const picture = () =>
  h('a', { href: import.meta.env.BASE_URL + '../', target: '_self', class: 'picture' }, [
    h('img', {
      src: page,
      alt: "The page: samples, the components' ellipses, and the lower bound, iteration by iteration.",
      width: 1280,
      height: 800,
    }),
  ]);

const Layout = defineComponent({
  setup() {
    const { frontmatter, isDark } = useData();
    watch(isDark, keepTheme);
    // (of VitePress's layouts, home alone has no main element)
    const isHome = () => frontmatter.value['layout'] === 'home';
    const markMain = (home: boolean) => {
      const content = document.getElementById('VPContent');
      if (home) content?.setAttribute('role', 'main');
      else content?.removeAttribute('role');
    };
    onMounted(() => watch(isHome, markMain, { immediate: true, flush: 'post' }));
    return () => h(Theme.Layout, null, { 'home-hero-image': picture });
  },
});

/** As src/app/shared/theme.ts keeps it: only while it differs from the system's. */
function keepTheme(dark: boolean): void {
  try {
    const system = window.matchMedia('(prefers-color-scheme: dark)').matches;
    if (dark === system) localStorage.removeItem('theme');
    else localStorage.setItem('theme', dark ? 'dark' : 'light');
  } catch {
    // (storage refused: the switch holds for this visit)
  }
}

export default { ...Theme, Layout };

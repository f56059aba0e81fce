// VitePress's own theme, without its font files, in the pages' colours and under their bar, with a picture of the page on its first.
import Theme from 'vitepress/theme-without-fonts';
import { useData } from 'vitepress';
import { defineComponent, h, onMounted, watch, type Ref } from 'vue';
import dark from '../../../home-dark.webp';
import light from '../../../home-light.webp';
import '../../../../src/app/shared/colours.css';
import '../../../../src/app/shared/masthead.css';
import './style.css';

/** One of the two is shown, by the theme (style.css). */
const image = (theme: string, src: string) =>
  h('img', {
    class: theme,
    src,
    alt: "The page's plot: samples coloured by component, with the components' ellipses at one, two and three standard deviations.",
    width: 838,
    height: 650,
  });

const Layout = defineComponent({
  setup() {
    const { frontmatter, isDark, site } = useData();
    watch(isDark, keepTheme);
    onMounted(() => followPages(isDark));
    // (of VitePress's layouts, home alone has no main element)
    const isHome = () => frontmatter.value['layout'] === 'home';
    const markMain = (home: boolean) => {
      const content = document.getElementById('VPContent');
      if (home) content?.setAttribute('role', 'main');
      else content?.removeAttribute('role');
    };
    onMounted(() => watch(isHome, markMain, { immediate: true, flush: 'post' }));
    const picture = () =>
      h('a', { href: `${site.value.base}../`, target: '_self', class: 'home-picture' }, [
        image('light-only', light),
        image('dark-only', dark),
      ]);
    return () => h(Theme.Layout, null, { 'home-hero-image': picture });
  },
});

/** The theme that the pages keep: src/app/shared/theme.ts. */
const KEY = 'theme';
const isSystemDark = () => window.matchMedia('(prefers-color-scheme: dark)').matches;

/** As the pages keep it: only while it differs from the system's. */
function keepTheme(isDark: boolean): void {
  try {
    if (isDark === isSystemDark()) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, isDark ? 'dark' : 'light');
  } catch {
    // (storage refused: the switch holds for this visit)
  }
}

/** Another tab's switch holds here as well. */
function followPages(isDark: Ref<boolean>): void {
  window.addEventListener('storage', ({ key, newValue }) => {
    if (key === KEY) isDark.value = newValue === null ? isSystemDark() : newValue === 'dark';
  });
}

export default { ...Theme, Layout };

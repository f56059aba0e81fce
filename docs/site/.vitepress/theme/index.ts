// VitePress's own theme, without its font files, in the pages' colours, with a picture of the page on its first.
import Theme from 'vitepress/theme-without-fonts';
import { h } from 'vue';
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

export default { ...Theme, Layout: () => h(Theme.Layout, null, { 'home-hero-image': picture }) };

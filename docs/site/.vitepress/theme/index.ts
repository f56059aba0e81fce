// VitePress's own theme, without its font files, in the pages' colours.
import Theme from 'vitepress/theme-without-fonts';
import './style.css';

export default Theme;

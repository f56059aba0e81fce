/** The pages of docs/ in the order of the sidebar. test/docs/site.test.ts holds that none is left out. */
export const sidebar = [
  {
    text: 'Begin',
    items: [
      { text: 'Start in five minutes', link: '/start' },
      { text: 'A first visit to the page', link: '/first-visit' },
      { text: 'From a CDN in 12 lines', link: '/cdn' },
      { text: 'Coming from scikit-learn', link: '/scikit-learn' },
      { text: 'Families and priors', link: '/families' },
    ],
  },
  {
    text: 'Fit',
    items: [
      { text: 'Starts and k-means', link: '/starts' },
      { text: 'Restarts, known labels', link: '/restarts' },
      { text: 'Out of poor maxima', link: '/escape' },
      { text: 'How many components', link: '/choosing-k' },
      { text: 'K not fixed: Bayesian', link: '/bayesian' },
      { text: 'Streams', link: '/streams' },
      { text: 'Data beyond memory', link: '/beyond-memory' },
      { text: 'A family of your own', link: '/own-family' },
      { text: 'Warnings and diagnostics', link: '/diagnostics' },
    ],
  },
  {
    text: 'Run',
    items: [
      { text: 'Browsers and platforms', link: '/browsers' },
      { text: 'Performance guide', link: '/performance' },
      { text: 'CPU threads', link: '/threads' },
      { text: 'A page that stays awake', link: '/responsive' },
      { text: 'Benchmarks', link: '/benchmarks' },
      { text: 'Beside other programs', link: '/peers' },
    ],
  },
  {
    text: 'Look up',
    items: [
      { text: 'Errors and warnings', link: '/errors' },
      { text: 'Measured accuracy', link: '/accuracy' },
      { text: 'Bounds reached, by seed', link: '/bounds' },
      { text: 'API', link: '/api/' },
    ],
  },
];

/** Three kinds of flowers, well apart in their petals, `each` of a kind; the same for the same number. */
export function flowers(each: number): string {
  const kinds = [
    { name: 'small', mean: [5.0, 3.4, 1.5, 0.25], deviation: [0.35, 0.38, 0.17, 0.1] },
    { name: 'middle', mean: [5.9, 2.8, 4.3, 1.3], deviation: [0.5, 0.3, 0.35, 0.15] },
    { name: 'large', mean: [6.8, 3.1, 6.4, 2.2], deviation: [0.5, 0.3, 0.35, 0.2] },
  ];
  let state = 20240607;
  const uniform = () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
  const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  const lines = kinds.flatMap(({ name, mean, deviation: spread }) =>
    Array.from({ length: each }, () => {
      const size = normal();
      const values = mean.map((centre, d) => centre + spread[d] * (0.6 * size + 0.8 * normal()));
      return [...values.map((value) => value.toFixed(2)), name].join(',');
    }),
  );
  return `sepal length,sepal width,petal length,petal width,species\n${lines.join('\n')}\n`;
}

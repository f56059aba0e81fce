import { parseAst, transformWithOxc } from 'vite';

/** Names that the snippets of a page share. */
export type Scope = Map<string, unknown>;

/** The nodes at the top of a program, as much of them as is read here. */
interface TopNode {
  type: string;
  start: number;
  end: number;
  id?: Pattern | null;
  declarations?: { id: Pattern }[];
  declaration?: TopNode | null;
  source?: { value: string };
  specifiers?: { local: { name: string }; imported?: { name: string } }[];
}

interface Pattern {
  type: string;
  name?: string;
  left?: Pattern;
  argument?: Pattern;
  value?: Pattern;
  elements?: (Pattern | null)[];
  properties?: Pattern[];
}

/**
 * Runs a snippet as a module would be run: `import` and `await` at its top. It sees the scope's names, may declare them anew,
 * and leaves its own there for the snippets after it. Imports of files beside it (`./rayleigh.ts`) are names in the scope.
 */
export async function runSnippet(
  code: string,
  scope: Scope,
  load: (specifier: string) => Promise<unknown>,
): Promise<unknown> {
  // (`export {}` makes a module of a snippet that imports nothing)
  const { code: plain } = await transformWithOxc(`${code}\nexport {};`, 'snippet.ts', {
    sourcemap: false,
    // an import that only later snippets use stays
    typescript: { onlyRemoveTypeImports: true },
  });
  const program = parseAst(plain) as unknown as { body: TopNode[] };
  const declared: string[] = [];
  let body = '';
  for (const node of program.body) {
    const text = plain.slice(node.start, node.end);
    if (node.type === 'ImportDeclaration') {
      for (const { local } of node.specifiers!) declared.push(local.name);
      const names = node.specifiers!.map(
        ({ local, imported }) => `${imported?.name ?? 'default'}: ${local.name}`,
      );
      body += `const { ${names.join(', ')} } = await load(${JSON.stringify(node.source!.value)});\n`;
      continue;
    }
    const inner = node.declaration ?? node;
    for (const { id } of inner.declarations ?? []) declared.push(...namesIn(id));
    if (inner.id) declared.push(...namesIn(inner.id));
    if (node.declaration) body += `${plain.slice(inner.start, inner.end)}\n`;
    else if (!node.type.startsWith('Export')) body += `${text}\n`;
  }
  const given = [...scope.keys()];
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the page's own words
  const run = new Function(
    'load',
    ...given,
    // (the inner block may declare anew what the parameters are called)
    `return (async () => { { ${body}\nreturn { ${[...new Set(declared)].join(', ')} }; } })();`,
  ) as (...values: unknown[]) => Promise<Record<string, unknown>>;
  const beside = (specifier: string): Promise<unknown> =>
    specifier.startsWith('.') ? Promise.resolve(Object.fromEntries(scope)) : load(specifier);
  const left = await run(beside, ...scope.values());
  for (const [name, value] of Object.entries(left)) scope.set(name, value);
  return left;
}

/** Whether a line of a `check` is true. */
export async function holds(expression: string, scope: Scope): Promise<boolean> {
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the page's own words
  const evaluate = new Function(...scope.keys(), `return (async () => (${expression}))();`) as (
    ...values: unknown[]
  ) => Promise<unknown>;
  return Boolean(await evaluate(...scope.values()));
}

function namesIn(pattern: Pattern): string[] {
  if (pattern.name !== undefined) return [pattern.name];
  const inner = [pattern.left, pattern.argument, pattern.value, ...(pattern.elements ?? [])];
  return [...inner, ...(pattern.properties ?? [])].flatMap((part) => (part ? namesIn(part) : []));
}

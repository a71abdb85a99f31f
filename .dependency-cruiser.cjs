/** The import directions of the source tree; docs/architecture.md draws them. */
const rule = (name, from, to, comment) => ({ name, severity: 'error', comment, from, to })

module.exports = {
  forbidden: [
    rule(
      'no-circular',
      {},
      { circular: true, viaOnly: { dependencyTypesNot: ['dynamic-import'] } },
      'Modules that import each other cannot be understood alone.',
    ),
    rule(
      'shared-stands-alone',
      { path: '^src/shared' },
      { path: '^src/(main|preload|renderer)' },
      'src/shared runs anywhere; move what it needs into it.',
    ),
    rule(
      'shared-uses-only-zod',
      { path: '^src/shared' },
      { dependencyTypes: ['npm', 'npm-dev', 'core'], pathNot: 'node_modules/zod/' },
      'src/shared is zod and plain TypeScript.',
    ),
    rule(
      'core-has-no-doors',
      { path: '^src/main/core' },
      { path: '^src/(main/hosts|preload|renderer)' },
      'The core does not know who calls it.',
    ),
    rule(
      'core-has-no-electron',
      { path: '^src/main/(core|workers)' },
      { path: 'node_modules/electron/' },
      'The core runs without Electron.',
    ),
    rule(
      'workers-are-thin',
      { path: '^src/main/workers/.*\\.worker\\.ts$' },
      { path: '^src/main/(hosts|core/store)' },
      'A thread holds no door and no database.',
    ),
    rule(
      'electron-only-in-its-host',
      { path: '^src', pathNot: '^src/(main/hosts/electron|main/index\\.ts|main/engine\\.ts|preload)' },
      { path: 'node_modules/electron/' },
      'Only hosts/electron and preload import electron.',
    ),
    rule(
      'renderer-knows-only-shared',
      { path: '^src/renderer' },
      { path: '^src/(main|preload)' },
      'Pages speak to the engine through the contract.',
    ),
    rule(
      'preload-is-small',
      { path: '^src/preload' },
      { path: '^src/(main|renderer)' },
      'The preload script offers the bridge and nothing else.',
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: 'src/main/core/wasm/(generated|assembly)' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs'] },
  },
}

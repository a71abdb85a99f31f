// Compiles every AssemblyScript file in src/main/core/wasm/assembly to WebAssembly (SIMD on) and writes it as a
// TypeScript module with the bytes in base64, so that source runs, bundles and worker threads load it the same way.
// `assembly/<name>/*.ts` are parts that `assembly/<name>.ts` imports.
// Does nothing when the outputs are newer than the sources. Usage: node scripts/buildKernels.mjs [--force]
import { mkdirSync, readdirSync, statSync, writeFileSync, existsSync } from 'node:fs'
import { dirname, join, basename } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const sources = join(root, 'src/main/core/wasm/assembly')
const outputs = join(root, 'src/main/core/wasm/generated')
mkdirSync(outputs, { recursive: true })

const partsOf = (source) => {
  const folder = source.replace(/\.ts$/, '')
  return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : []
}
const isStale = (source, output) =>
  !existsSync(output) ||
  [source, ...partsOf(source)].some((file) => statSync(file).mtimeMs > statSync(output).mtimeMs)
const stale = readdirSync(sources)
  .filter((name) => name.endsWith('.ts'))
  .map((name) => ({ source: join(sources, name), output: join(outputs, name) }))
  .filter(({ source, output }) => process.argv.includes('--force') || isStale(source, output))

if (stale.length > 0) {
  const { default: asc } = await import('assemblyscript/asc')
  for (const { source, output } of stale) {
    const { error, stderr, binary } = await compile(asc, source)
    if (error) {
      process.stderr.write(`${stderr}\nCould not compile ${source}: ${error.message}\n`)
      process.exit(1)
    }
    const base64 = Buffer.from(binary).toString('base64')
    writeFileSync(
      output,
      `// Generated from assembly/${basename(source)} by scripts/buildKernels.mjs.\nexport default '${base64}'\n`,
    )
  }
}

/** Runs the AssemblyScript compiler in memory on one entry file; gives the wasm bytes or the compiler's error. */
async function compile(asc, source) {
  let binary
  const result = await asc.main(
    [
      source,
      '--outFile',
      'binary.wasm',
      '-O3',
      '--enable',
      'simd',
      '--runtime',
      'stub',
      '--noAssert',
      '--exportRuntime',
      '--importMemory=false',
    ].filter((flag) => flag !== '--importMemory=false'),
    {
      writeFile: (name, contents) => {
        if (name.endsWith('.wasm')) binary = contents
      },
    },
  )
  return { error: result.error, stderr: result.stderr.toString(), binary }
}

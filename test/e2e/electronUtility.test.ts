/** The engine as Electron's own utility process, which takes ports: what an installed Parallax does. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { build } from 'vite'
import { expect, it } from 'vitest'
import { electronProgram, noWindowReason, openDisplay, repository } from '../support/electron.ts'
import { temporaryFolder } from '../support/frames.ts'

const needs = noWindowReason === undefined ? '' : ` (skipped: ${noWindowReason})`

it.skipIf(noWindowReason !== undefined)(
  `an engine as a utility process answers over its port, sends streams, and is started again when it dies${needs}`,
  async () => {
    const folder = temporaryFolder('utility')
    await build({
      configFile: false,
      logLevel: 'error',
      root: repository,
      ssr: { noExternal: true, external: ['electron'] },
      build: {
        ssr: join(repository, 'test/support/utilityEngine.ts'),
        outDir: folder,
        target: 'node18',
        rollupOptions: { external: ['electron'], output: { format: 'cjs', entryFileNames: 'main.cjs' } },
      },
    })
    const display = await openDisplay()
    const env: NodeJS.ProcessEnv = { ...process.env, DISPLAY: display.display }
    delete env.PARALLAX_ENGINE_NODE
    const child = spawn(electronProgram!, ['--no-sandbox', '--disable-gpu', join(folder, 'main.cjs')], {
      env,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    let output = ''
    child.stdout.on('data', (data: Buffer) => (output += data.toString()))
    const timer = setTimeout(() => child.kill('SIGKILL'), 30_000)
    await new Promise((resolve) => child.on('close', resolve))
    clearTimeout(timer)
    display.close()

    const said = output
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map(
        (line) => JSON.parse(line) as { state?: string; type?: string; id?: number; value?: { pid: number } },
      )
    expect(said.filter(({ state }) => state !== undefined)).toEqual([
      { state: 'started' },
      { state: 'stopped', reason: 'The engine stopped (status 7).', willRestart: true },
      { state: 'started' },
    ])
    const answers = said.filter(({ id }) => id === 1)
    expect(answers).toHaveLength(2)
    expect(answers[0]).toMatchObject({
      type: 'reply',
      ok: true,
      value: { name: 'system.info', input: { a: 1 } },
    })
    expect(answers[0].value!.pid).not.toBe(answers[1].value!.pid)
    expect(said.filter(({ id }) => id === 2)).toEqual([
      { type: 'event', id: 2, value: 1 },
      { type: 'event', id: 2, value: 2 },
      { type: 'event', id: 2, value: 3 },
      { type: 'end', id: 2 },
    ])
  },
)

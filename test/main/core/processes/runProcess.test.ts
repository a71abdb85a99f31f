import { describe, expect, it } from 'vitest'
import { createLineSplitter } from '../../../../src/main/core/processes/lineSplitter.ts'
import { runProcess, startProcess } from '../../../../src/main/core/processes/runProcess.ts'

const node = (script: string) => ({ file: process.execPath, args: ['-e', script] })

describe('runProcess', () => {
  it('gives what the program printed', async () => {
    const { stdout, lastLines } = await runProcess(node('console.log("a\\nb"); console.error("note")'))
    expect(stdout).toBe('a\nb')
    expect(lastLines).toEqual(['note'])
  })

  it('passes arguments as they are, without a shell', async () => {
    const args = ['-e', 'console.log(process.argv.slice(1).join("|"))', 'a b', '$HOME', ';ls', '"']
    expect((await runProcess({ file: process.execPath, args })).stdout).toBe('a b|$HOME|;ls|"')
  })

  it('fails with the exit code and the last lines of stderr', async () => {
    const failing = runProcess(
      node('for (let i = 0; i < 50; i++) console.error("line " + i); process.exitCode = 3'),
    )
    await expect(failing).rejects.toMatchObject({
      code: 'process-failed',
      message: expect.stringMatching(/exit code 3:\nline 30\n[^]*line 49$/) as unknown,
    })
  })

  it('says that a program is missing', async () => {
    await expect(runProcess({ file: '/no/such/program', args: [] })).rejects.toMatchObject({
      code: 'missing-program',
    })
  })

  it('ends a program politely when cancelled', async () => {
    const controller = new AbortController()
    const script =
      'process.on("SIGTERM", () => { console.error("bye"); process.exit(0) }); console.log("ready"); setInterval(() => {}, 1000)'
    const lines: string[] = []
    const running = startProcess(node(script), {
      signal: controller.signal,
      onLine: (line) => {
        lines.push(line)
        controller.abort()
      },
    })
    expect(await running.ended).toMatchObject({ exitCode: 0, lastLines: ['bye'] })
    expect(lines).toEqual(['ready', 'bye'])
  })

  it('kills a program that does not listen', async () => {
    const controller = new AbortController()
    const script = 'process.on("SIGTERM", () => {}); console.log("ready"); setInterval(() => {}, 1000)'
    const running = startProcess(node(script), {
      signal: controller.signal,
      graceMs: 100,
      onLine: () => controller.abort(),
    })
    expect(await running.ended).toMatchObject({ exitCode: null, signalName: 'SIGKILL' })
  })

  it('rejects with cancelled when it was cancelled before it began', async () => {
    await expect(
      runProcess(node('setInterval(() => {}, 1000)'), { signal: AbortSignal.abort() }),
    ).rejects.toMatchObject({
      code: 'cancelled',
    })
  })

  it('survives a program that stops reading', async () => {
    const running = startProcess(node('process.stdin.destroy(); process.exitCode = 2'))
    for (let i = 0; i < 50; i++) running.stdin.write(Buffer.alloc(100_000))
    running.stdin.end()
    expect(await running.ended).toMatchObject({ exitCode: 2 })
  })
})

describe('createLineSplitter', () => {
  it('cuts at line feeds and carriage returns wherever chunks end', () => {
    const text = 'one\ntwo\r\nthree 1%\rthree 2%\rlast'
    for (let cut = 0; cut <= text.length; cut++) {
      const lines: string[] = []
      const splitter = createLineSplitter((line) => lines.push(line))
      splitter.push(text.slice(0, cut))
      splitter.push(text.slice(cut))
      splitter.end()
      expect(lines).toEqual(['one', 'two', 'three 1%', 'three 2%', 'last'])
    }
  })
})

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { TrainingProcess } from '../../../../src/shared/contract/training.ts'
import { runCli } from '../../../support/cli.ts'
import { temporaryFolder } from '../../../support/frames.ts'

/** A program that counts into a file until it is asked to end. */
const counting = `
const { appendFileSync } = require('node:fs')
let count = 0
setInterval(() => { console.log('step', ++count); appendFileSync('count.txt', count + '\\n') }, 50)
`

async function started(home: string, cwd: string, words: string[]): Promise<TrainingProcess> {
  const { json, stderr } = await runCli(['train', 'start', '--json', '--', ...words], { home, cwd })
  expect(json, stderr).toHaveLength(1)
  return json[0] as TrainingProcess
}

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 300 && !holds(); tries++) await sleep(30)
  expect(holds()).toBe(true)
}

describe('parallax train', () => {
  it('starts a process that goes on after the terminal command has ended, lists it, and stops it', async () => {
    const [home, cwd] = [temporaryFolder('home'), temporaryFolder('work')]
    const { id, pid, status } = await started(home, cwd, [process.execPath, '-e', counting])
    expect(status).toBe('running')
    const file = join(cwd, 'count.txt')
    const counted = () => (existsSync(file) ? readFileSync(file, 'utf8').split('\n').length : 0)
    const before = counted()
    await until(() => counted() > before + 3)

    const listed = await runCli(['train', 'list', '--json'], { home })
    expect(listed.json[0]).toMatchObject({ type: 'process', id, pid, status: 'running' })

    const stopped = await runCli(['train', 'stop', id.slice(0, 8), '--json'], { home })
    expect(stopped.json[0]).toMatchObject({ id, status: 'ended', reason: { kind: 'stopped' } })
    expect(() => process.kill(pid!, 0)).toThrow('ESRCH')
  })

  it('watches both outputs to the end and takes over whether the process failed', async () => {
    const [home, cwd] = [temporaryFolder('home'), temporaryFolder('work')]
    const code = 'console.log("out 1"); console.error("err 1"); setTimeout(() => process.exit(3), 400)'
    const { id } = await started(home, cwd, [process.execPath, '-e', code])
    const watched = await runCli(['train', 'watch', id, '--all'], { home })
    expect(watched.status).toBe(1)
    expect(watched.stdout).toBe('out 1\n')
    expect(watched.stderr).toContain('err 1')
  })

  it('leaves the process alone when watching is interrupted', async () => {
    const [home, cwd] = [temporaryFolder('home'), temporaryFolder('work')]
    const { id } = await started(home, cwd, [process.execPath, '-e', counting])
    const watched = await runCli(['train', 'watch', id], {
      home,
      once: { when: /step/, act: (kill) => kill('SIGINT') },
    })
    expect(watched.status).toBe(0)
    const listed = await runCli(['train', 'list', '--json'], { home })
    expect(listed.json[0]).toMatchObject({ id, status: 'running' })
    await runCli(['train', 'stop', id, '--now'], { home })
  })

  it('sets variables in front of the command, and gives everything behind -- to the program', async () => {
    const [home, cwd] = [temporaryFolder('home'), temporaryFolder('work')]
    const code =
      'require("node:fs").writeFileSync("seen.json", JSON.stringify([process.env.LEVEL, process.argv.slice(2)]))'
    writeFileSync(join(cwd, 'show.cjs'), code)
    const words = ['LEVEL=3 4', process.execPath, 'show.cjs', '--json', '--help', '-h', "it's"]
    const { id } = await started(home, cwd, words)
    await runCli(['train', 'watch', id], { home })
    expect(JSON.parse(readFileSync(join(cwd, 'seen.json'), 'utf8'))).toEqual([
      '3 4',
      ['--json', '--help', '-h', "it's"],
    ])
  })

  it('starts a recorded command by experiment and line', async () => {
    const [home, cwd] = [temporaryFolder('home'), temporaryFolder('work')]
    writeFileSync(
      join(cwd, 'record.md'),
      '## exp1\n`python train_csgo.py --output_dir a`\n`python train_csgo.py --output_dir b`\n',
    )
    await runCli(['experiments', 'import', 'record.md'], { home, cwd })
    const unclear = await runCli(['train', 'start', 'exp1', '--dry-run'], { home, cwd })
    expect(unclear.status).toBe(2)
    expect(unclear.stderr).toContain('exp1:2, exp1:3')
    const { stdout } = await runCli(['train', 'start', 'exp1:3', '--dry-run'], { home, cwd })
    expect(stdout).toBe('python train_csgo.py --output_dir b\n')
  })

  it('says what is missing before anything is started', async () => {
    const [home, cwd] = [temporaryFolder('home'), temporaryFolder('work')]
    const missing = await runCli(['train', 'start', '--', 'no-such-program'], { home, cwd })
    expect(missing.status).toBe(1)
    expect(missing.stderr).toContain('no-such-program was not found')
    expect((await runCli(['train', 'start'], { home, cwd })).status).toBe(2)
    expect((await runCli(['train', 'list', '--json'], { home })).json).toEqual([{ type: 'result', count: 0 }])
  })
})

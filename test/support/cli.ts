/** The command line as a process, as people start it. */
import { spawn } from 'node:child_process'
import { cliEntry } from './studio.ts'

export type CliResult = { status: number | null; stdout: string; stderr: string; json: unknown[] }

/**
 * Runs `parallax` in source form and gives what it wrote.
 *
 * @param options.home its data folder.
 * @param options.cwd where it is run.
 * @param options.once what is done as soon as stdout so far matches, and never again: a second Ctrl-C, for one, ends
 *   the program on the spot.
 */
export function runCli(
  args: readonly string[],
  options: {
    home: string
    cwd?: string
    env?: Record<string, string>
    once?: { when: RegExp; act(kill: (signal: NodeJS.Signals) => void): void }
  },
): Promise<CliResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [cliEntry, ...args], {
      cwd: options.cwd,
      env: { ...process.env, ...options.env, PARALLAX_HOME: options.home },
    })
    let stdout = ''
    let stderr = ''
    let hasActed = false
    child.stdout.on('data', (data: Buffer) => {
      stdout += data.toString()
      if (hasActed || !options.once?.when.test(stdout)) return
      hasActed = true
      options.once.act((signal) => child.kill(signal))
    })
    child.stderr.on('data', (data: Buffer) => (stderr += data.toString()))
    child.on('error', reject)
    child.on('close', (status) =>
      resolve({
        status,
        stdout,
        stderr,
        json: stdout
          .split('\n')
          .filter((line) => line.startsWith('{'))
          .map((line) => JSON.parse(line) as unknown),
      }),
    )
  })
}

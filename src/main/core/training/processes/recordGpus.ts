import { execFile } from 'node:child_process'
import { appendFile } from 'node:fs'
import { join } from 'node:path'
import { files } from './runFolder.ts'

const everyMs = 10_000
const timeoutMs = 8000
const query = ['--query-gpu=index,utilization.gpu,memory.used,memory.total', '--format=csv,noheader,nounits']

/**
 * Writes the use of all GPUs into the folder of a run, one line per GPU every ten seconds, for as long as this program
 * lives: `milliseconds since 1970, index, use in percent, memory in MiB, memory in all`. A machine without `nvidia-smi` is not
 * asked again.
 *
 * @param folder of the run.
 * @param environment whose PATH the program is looked for on.
 */
export function recordGpus(folder: string, environment: NodeJS.ProcessEnv): void {
  const ask = () =>
    execFile('nvidia-smi', query, { env: environment, timeout: timeoutMs }, (error, stdout) => {
      if (error) {
        if (error.code === 'ENOENT') clearInterval(timer)
        return
      }
      const at = Date.now()
      const lines = stdout
        .split(/\r?\n/)
        .filter((line) => /^\d+, /.test(line))
        .map((line) => `${at}, ${line}\n`)
      // A full disk costs samples; the run itself must not notice.
      appendFile(join(folder, files.gpus), lines.join(''), { mode: 0o600 }, () => {})
    })
  const timer = setInterval(ask, everyMs)
  timer.unref()
  ask()
}

/** Processor time and memory of the browser and the engine. */
import { execFileSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import type { Serve } from '../test/support/serve.ts'
import type { BareBrowser, BarePage } from './bareBrowser.ts'

export type Cpu = {
  /** Seconds of the page's own thread. */
  page: number
  /** Seconds of all threads of the browser and the engine. */
  all: number
}

/** Processor time so far, which says what a picture costs however busy the machine is; NaN where that cannot be told. */
export async function cpuSeconds(browser: BareBrowser, serve: Serve): Promise<Cpu> {
  const ticksOf = async (file: string) => {
    const fields = (await readFile(file, 'utf8').catch(() => '')).split(') ')[1]?.split(' ') ?? []
    return (Number(fields[11]) + Number(fields[12])) / 100
  }
  let [page, all] = [0, await ticksOf(`/proc/${serve.pid}/stat`)]
  for (const { id, type } of await browser.processes()) {
    all += await ticksOf(`/proc/${id}/stat`)
    // The first thread of a process is the page's own. The process of the page that is watched works most.
    if (type === 'renderer') page = Math.max(page, await ticksOf(`/proc/${id}/task/${id}/stat`))
  }
  return { page, all }
}

/** JavaScript heap of the page after a collection, and resident memory of all processes of the browser, in MB. */
export async function memoryOf(
  page: BarePage,
  browser: BareBrowser,
): Promise<{ heap: number; processes: number }> {
  const heap = await page.heapBytes()
  let processes = 0
  for (const { id } of await browser.processes()) processes += await residentMb(id)
  return { heap: Math.round(heap / 2 ** 20), processes: Math.round(processes) }
}

/** Resident memory of a process; NaN where that cannot be told. */
export async function residentMb(pid: number): Promise<number> {
  try {
    if (process.platform === 'linux') {
      const status = await readFile(`/proc/${pid}/status`, 'utf8')
      return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)![1]) / 1024)
    }
    return Math.round(Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)]).toString()) / 1024)
  } catch {
    return NaN
  }
}

/** What a person does in the pages, for tests of every door. Words are those of the English pages. */
import { expect } from 'vitest'
import type { Page } from 'playwright-core'

/** Chooses an evaluation run and metrics on the Benchmark page and starts it. Gives the id of the job. */
export async function startBenchmark(page: Page, run: RegExp, metrics: readonly string[]): Promise<string> {
  await page.getByRole('link', { name: 'Benchmark', exact: true }).click()
  await page.getByRole('checkbox', { name: run }).check()
  const preflight = page.getByRole('region', { name: 'Preflight' }).getByText('pairs').first()
  await preflight.waitFor()
  const all = page.getByRole('checkbox', { name: 'All that can be computed' })
  // Ticked first, for what an earlier benchmark left is neither all nor none.
  await all.check()
  await all.uncheck()
  // The remarks about metrics have gone with the choice when the preflight has.
  await preflight.waitFor({ state: 'hidden' })
  for (const metric of metrics) await page.getByRole('checkbox', { name: metric, exact: true }).check()
  await preflight.waitFor()
  await page.getByRole('button', { name: 'Run benchmark' }).click()
  await page.waitForURL(/#\/jobs\/[\w-]+/)
  return /#\/jobs\/([\w-]+)/.exec(page.url())![1]!
}

/** Waits until the job line shows at least `share` of a job (0 to 1). */
export async function waitForProgress(page: Page, share: number): Promise<void> {
  await expect
    .poll(
      async () => {
        const bar = page.getByRole('contentinfo').getByRole('progressbar')
        return Number((await bar.count()) > 0 ? await bar.getAttribute('aria-valuenow') : 0)
      },
      { timeout: 90_000, interval: 50 },
    )
    .toBeGreaterThanOrEqual(share * 100)
}

/** Waits for the end of the job that is shown and opens its results. */
export async function openResults(page: Page, timeout = 120_000): Promise<void> {
  await page.getByRole('main').getByRole('button', { name: 'Open results' }).click({ timeout })
  await page.waitForURL(/#\/runs\/[\w-]+/)
}

/** Process id of the engine, as the connection badge tells it. */
export async function enginePid(page: Page): Promise<number> {
  await page.getByRole('button', { name: 'Engine', exact: true }).click()
  const details = page.getByRole('dialog', { name: 'Connection to the engine' })
  const shown = details.locator('dt:has-text("PID") + dd')
  let pid = Number.NaN
  await expect.poll(async () => (pid = Number(await shown.innerText()))).toBeGreaterThan(0)
  await page.keyboard.press('Escape')
  return pid
}

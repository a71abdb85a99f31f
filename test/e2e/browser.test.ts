/** The pages in a real browser, against a real engine in a process of its own. */
import { AxeBuilder } from '@axe-core/playwright'
import { existsSync, readFileSync } from 'node:fs'
import { setPriority } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startBrowser } from '../support/browser.ts'
import { temporaryFolder, writePairs } from '../support/frames.ts'
import { openTunnel, startServe, type Serve } from '../support/serve.ts'
import { repository } from '../support/electron.ts'
import { enginePid, openResults, startBenchmark, waitForProgress } from '../support/studioPage.ts'

const pages = join(repository, 'out/renderer')
const browser: Browser | undefined = await startBrowser()
const needs = browser === undefined ? ' (skipped: no browser, set PARALLAX_CHROMIUM)' : ''
// Enough that a job is still under way when a page looks at it.
const pairs = 300
const markup = '<img src=x onerror=alert(1)>'

/** Opens the command palette; what is typed then reaches it also on a busy machine. */
async function openPalette(page: Page): Promise<void> {
  // A window that is just closing still keeps the keys from the page.
  await expect.poll(() => page.getByRole('dialog').count()).toBe(0)
  await page.keyboard.press('Control+k')
  await page.waitForFunction(() => document.activeElement?.getAttribute('role') === 'combobox')
}

describe.skipIf(browser === undefined || !existsSync(join(pages, 'index.html')))(`the pages${needs}`, () => {
  const home = temporaryFolder('home')
  const root = temporaryFolder('workspace')
  const token = 'a_token_that_stays_0123456789'
  const contexts: BrowserContext[] = []
  const problems: string[] = []
  let serve: Serve

  beforeAll(async () => {
    await writePairs(root, pairs)
    await writePairs(root, 4, { experiment: markup, map: 'de_<b>' })
    serve = await startEngine()
  })
  afterEach(async () => {
    for (const context of contexts.splice(0)) await context.close()
    // What a page says when its line is cut is what the tests below look for.
    expect(problems.splice(0)).toEqual([])
  })
  afterAll(async () => {
    await browser?.close()
    await serve?.end('SIGTERM')
  })

  /** Jobs are looked at while they run, so the browser comes first where the processor is short. */
  async function startEngine(port = 0): Promise<Serve> {
    const started = await startServe(home, { token, port })
    setPriority(started.pid, 5)
    return started
  }

  /** A window of its own, with nothing remembered. */
  async function openPage(address = serve.url, preferences?: object): Promise<Page> {
    const context = await browser!.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB' })
    contexts.push(context)
    if (preferences)
      await context.addInitScript((text) => localStorage.setItem('parallax.preferences', text), [
        JSON.stringify({ state: { density: 'comfortable', workspaces: {}, ...preferences }, version: 1 }),
      ] as unknown as string)
    const page = await context.newPage()
    page.setDefaultTimeout(60_000)
    page.on('pageerror', (error) => problems.push(String(error)))
    page.on('dialog', (dialog) => {
      problems.push(`a dialog: ${dialog.message()}`)
      void dialog.dismiss()
    })
    page.on('console', (message) => {
      const isExpected = /WebSocket|ERR_CONNECTION|ERR_EMPTY|Failed to load resource/.test(message.text())
      if (message.type() === 'error' && !isExpected) problems.push(message.text())
    })
    await page.goto(address)
    return page
  }

  /** Calls the engine as the page would. */
  const ask = <Value>(page: Page, name: string, input: object): Promise<Value> =>
    page.evaluate(
      async ([operation, body]) => {
        const answer = await fetch(`/api/${operation}`, {
          method: 'POST',
          headers: { authorization: `Bearer ${sessionStorage.getItem('parallax.token')}` },
          body,
        })
        return ((await answer.json()) as { value: Value }).value
      },
      [name, JSON.stringify(input)],
    )

  const connected = (page: Page) => page.getByRole('button', { name: 'Engine', exact: true }).waitFor()

  it('lead from a folder over the preflight and the running job to a table of results', async () => {
    const page = await openPage()
    await connected(page)
    expect(page.url()).not.toContain(token)
    await page.getByRole('button', { name: /^Open folder/ }).click()
    await page.getByRole('textbox', { name: 'Path' }).fill(root)
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'outputs_eval' }).waitFor()
    await page.getByRole('button', { name: 'Open this folder' }).click()
    await page.getByRole('main').getByText('exp1').first().waitFor()

    await startBenchmark(page, /exp1, de_test/, ['PSNR and SSIM', 'MS-SSIM'])
    await waitForProgress(page, 0.05)
    await openResults(page)
    const row = page.getByRole('row').filter({ hasText: 'de_test' }).first()
    await row.waitFor()
    const scores = (await row.innerText()).match(/\d+\.\d+/g)?.map(Number) ?? []
    expect(scores.some((score) => score > 10 && score < 60)).toBe(true)
    const picture = page.locator('img[src*="/media/file"]').first()
    await expect
      .poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth))
      .toBeGreaterThan(0)
  })

  it('can be used for the same without a mouse', async () => {
    const page = await openPage()
    await connected(page)
    const goTo = async (name: string) => {
      await openPalette(page)
      await page.keyboard.type(`go to ${name}`)
      await page.keyboard.press('Enter')
    }
    await goTo('benchmark')
    await page.getByRole('checkbox', { name: /exp1, de_test/ }).waitFor()
    /** Goes on with Tab until this has the focus; what cannot be reached fails. */
    const tabTo = async (target: Locator) => {
      const hasFocus = () => target.evaluate((element) => element === document.activeElement)
      for (let step = 0; step < 120 && !(await hasFocus()); step++) await page.keyboard.press('Tab')
      expect(await hasFocus()).toBe(true)
    }
    await tabTo(page.getByRole('checkbox', { name: /exp1, de_test/ }))
    await page.keyboard.press('Space')
    await tabTo(page.getByRole('checkbox', { name: 'All that can be computed' }))
    await page.keyboard.press('Space')
    await tabTo(page.getByRole('checkbox', { name: 'Pixels', exact: true }))
    await page.keyboard.press('Space')
    await page
      .getByRole('button', { name: 'Run benchmark' })
      .and(page.locator(':not([aria-disabled])'))
      .waitFor()
    await page.keyboard.press('Control+Enter')
    await page.waitForURL(/#\/jobs\/[\w-]+/)
    const results = page.getByRole('main').getByRole('button', { name: 'Open results' })
    await results.waitFor({ timeout: 120_000 })
    await tabTo(results)
    await page.keyboard.press('Enter')
    await page.waitForURL(/#\/runs\/[\w-]+/)
    await tabTo(page.getByRole('row').filter({ hasText: 'de_test' }).first())
    await goTo('jobs')
    await page.waitForURL(/#\/jobs/)
  })

  it('show names with markup in them as text', async () => {
    const page = await openPage()
    await page.getByRole('link', { name: 'Benchmark', exact: true }).click()
    await page.getByText(markup).first().waitFor()
    for (const path of ['#/', '#/runs', '#/jobs', '#/videos']) {
      await page.evaluate((hash) => void (location.hash = hash), path)
      await page.waitForTimeout(150)
      expect(await page.locator('img[src="x"]').count()).toBe(0)
    }
    await startBenchmark(page, new RegExp(`onerror.*de_<b>`), ['Pixels'])
    await openResults(page)
    await page.getByText(markup).first().waitFor()
    expect(await page.locator('img[src="x"], main b').count()).toBe(0)
  })

  it('find the running job again after a reload in its middle', async () => {
    const page = await openPage()
    const jobId = await startBenchmark(page, /exp1, de_test/, ['MS-SSIM'])
    await waitForProgress(page, 0.1)
    await page.reload()
    await connected(page)
    expect(page.url()).toContain(`#/jobs/${jobId}`)
    await page.getByRole('contentinfo').getByRole('progressbar').waitFor()
    await openResults(page)
  })

  it('go on when the engine was killed in the middle and is started again', async () => {
    const page = await openPage()
    await startBenchmark(page, /exp1, de_test/, ['PSNR and SSIM', 'Edges'])
    await waitForProgress(page, 0.2)
    const { port } = serve
    await serve.end('SIGKILL')
    await page.getByRole('button', { name: 'Reconnecting' }).waitFor()
    serve = await startEngine(port)
    await page.getByText('Connected to the engine again').waitFor()
    await openResults(page)
    await page.getByRole('row').filter({ hasText: 'de_test' }).first().waitFor()
  })

  it('tell nothing of the engine that was, once there is another', async () => {
    const page = await openPage()
    const before = await enginePid(page)
    expect(before).toBe(serve.pid)
    await page.getByRole('button', { name: 'Engine', exact: true }).click()
    await page.evaluate(() => {
      const shown: string[] = []
      Object.assign(window, { shown })
      const look = () => {
        const text = document.querySelector('[role=dialog] dl')?.textContent ?? ''
        if (shown.at(-1) !== text) shown.push(text)
        requestAnimationFrame(look)
      }
      requestAnimationFrame(look)
    })
    const { port } = serve
    await serve.end('SIGKILL')
    await page.getByRole('button', { name: 'Reconnecting' }).waitFor()
    serve = await startEngine(port)
    await page.getByRole('dialog').getByText(String(serve.pid), { exact: true }).waitFor()
    const shown = await page.evaluate(() => (window as unknown as { shown: string[] }).shown)
    const afterTheLoss = shown.slice(shown.indexOf('') + 1)
    expect(shown[0]).toContain(String(before))
    expect(afterTheLoss.filter((text) => text.includes(String(before)))).toEqual([])
    expect(afterTheLoss.at(-1)).toContain(String(serve.pid))
  })

  it('go on when the line was cut and mended, as a tunnel over SSH is', async () => {
    const tunnel = await openTunnel(serve.port)
    const page = await openPage(`http://localhost:${tunnel.port}/#token=${token}`)
    await connected(page)
    // The code of the other pages arrives while nobody waits for it.
    await page.waitForLoadState('networkidle')
    await startBenchmark(page, /exp1, de_test/, ['Pixels', 'Edges'])
    await waitForProgress(page, 0.1)
    tunnel.cut()
    await page.getByRole('button', { name: 'Reconnecting' }).waitFor()
    // Other pages can be looked at meanwhile, and wait for their answers.
    await page.getByRole('link', { name: 'Runs', exact: true }).click()
    tunnel.mend()
    await page.getByText('Connected to the engine again').waitFor()
    await page.getByRole('link', { name: 'Jobs', exact: true }).click()
    await page.getByRole('link', { name: /exp1/ }).first().click()
    await openResults(page)
    tunnel.close()
  })

  it('say so when the engine hangs, and that it answers again', async () => {
    const page = await openPage()
    await connected(page)
    process.kill(serve.pid, 'SIGSTOP')
    try {
      await page.getByRole('button', { name: 'No answer' }).click()
      await page.getByText('The line stands, but the engine does not answer.').waitFor()
      await page.keyboard.press('Escape')
    } finally {
      process.kill(serve.pid, 'SIGCONT')
    }
    await connected(page)
  })

  it('keep buttons under the pointer when an answer comes late', async () => {
    const page = await openPage()
    await connected(page)
    await page.waitForLoadState('networkidle')
    process.kill(serve.pid, 'SIGSTOP')
    const button = page.getByRole('button', { name: 'Connect to engine…' })
    let before
    try {
      await page.getByRole('button', { name: 'Engine', exact: true }).click()
      before = await button.boundingBox()
    } finally {
      process.kill(serve.pid, 'SIGCONT')
    }
    await page.getByRole('dialog').getByText(String(serve.pid), { exact: true }).waitFor()
    expect(await button.boundingBox()).toEqual(before)
  })

  it('have one window over them at a time, and none behind which commands act', async () => {
    const page = await openPage()
    await connected(page)
    const dialogs = page.getByRole('dialog')
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor()
    await page.keyboard.press('Control+o')
    await page.getByRole('dialog', { name: 'Choose a folder' }).waitFor()
    await expect.poll(() => dialogs.count()).toBe(1)
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Engine', exact: true }).click()
    await page.getByRole('button', { name: 'Connect to engine…' }).click()
    await page.getByRole('dialog', { name: 'Connect to an engine elsewhere' }).waitFor()
    await expect.poll(() => dialogs.count()).toBe(1)
    await page.keyboard.press('Escape')
    await page.getByRole('navigation').getByRole('link', { name: 'System', exact: true }).click()
    await page.getByRole('button', { name: 'Import file…' }).click()
    await dialogs.waitFor()
    await page.keyboard.press('Alt+1')
    await page.keyboard.press('Control+k')
    await expect.poll(() => dialogs.count()).toBe(1)
    expect(page.url()).toContain('#/system')
  })

  it('show one job in two windows, and either can cancel it', async () => {
    const [first, second] = [await openPage(), await openPage()]
    // A sample of so many frames is drawn for minutes: it is certainly under way when it is cancelled.
    const { jobId } = await ask<{ jobId: string }>(first, 'workspaces.createSample', {
      root: join(temporaryFolder('sample'), 'large'),
      framesPerMap: 5000,
    })
    for (const page of [first, second]) {
      await page.evaluate((id) => void (location.hash = `#/jobs/${id}`), jobId)
      await page.getByRole('contentinfo').getByRole('progressbar').waitFor()
    }
    const isCancelled = async (page: Page) =>
      page.getByRole('main').getByText('Cancelled', { exact: true }).first().waitFor()
    await second.getByRole('main').getByRole('button', { name: 'Cancel', exact: true }).click()
    await Promise.all([isCancelled(first), isCancelled(second)])
    await first.getByRole('button', { name: 'Retry' }).click()
    await second.getByRole('contentinfo').getByRole('progressbar').waitFor()
    await first.getByRole('contentinfo').getByRole('button', { name: 'Cancel this job' }).click()
    await Promise.all([isCancelled(first), isCancelled(second)])
  })

  it('with a wrong token say so and stop trying', async () => {
    const page = await openPage(`http://127.0.0.1:${serve.port}/#token=wrong`)
    await page.getByRole('button', { name: 'Not connected' }).click()
    await page.getByText('The engine does not accept this token.').waitFor()
  })

  it('set in the address keep the token out of links, history and referrers', async () => {
    const page = await openPage(`http://127.0.0.1:${serve.port}/#token=${token}`)
    await connected(page)
    expect(page.url()).not.toContain(token)
    const policy = await page.evaluate(async () => (await fetch('/')).headers.get('referrer-policy'))
    expect(policy).toBe('no-referrer')
    await page.goBack().catch(() => {})
    expect(page.url()).not.toContain(token)
  })

  it('have an answer for a page that does not exist', async () => {
    const page = await openPage(`${serve.url.replace('#', '#/no/such/page?')}`)
    await page.getByRole('button', { name: 'Go to the workspace' }).waitFor()
  })

  it.each([
    ['dark', undefined],
    // The light theme differs in its colours alone.
    ['light', ['color-contrast']],
  ] as const)('are free of serious faults for assistive technology, %s', async (theme, rules) => {
    const page = await openPage(serve.url, { theme, language: 'en' })
    await connected(page)
    const runs = await ask<{ id: string; status: string }[]>(page, 'runs.list', {})
    const done = runs.find(({ status }) => status === 'done')!
    await page.evaluate(() => void (location.hash = '#/jobs'))
    const jobHref = (await page.getByRole('main').locator('a[href^="#/jobs/"]').first().getAttribute('href'))!
    const found: string[] = []
    const check = async (name: string) => {
      await page.waitForTimeout(400)
      const builder = new AxeBuilder({ page })
      const { violations } = await (rules ? builder.withRules([...rules]) : builder).analyze()
      for (const { id, impact, nodes } of violations)
        if (impact === 'serious' || impact === 'critical')
          found.push(`${name}: ${id} at ${nodes.map(({ target }) => target.join(' ')).join(', ')}`)
    }
    const hrefs = await page
      .getByRole('navigation')
      .getByRole('link')
      .evaluateAll((links) => links.map((link) => link.getAttribute('href')!))
    const parts = [
      '#/train/processes',
      '#/train/curves',
      '#/train/slurm',
      '#/evaluate/command',
      '#/experiments/none',
      '#/jobs/none',
      '#/compare/vote',
      '#/compare?choose=',
    ]
    const things = [
      `#/runs/${done.id}`,
      `#/compare?run=${done.id}`,
      `#/compare?run=${done.id}&mode=difference`,
    ]
    for (const href of [...hrefs, ...parts, ...things, jobHref, '#/no/such/page']) {
      await page.evaluate((hash) => void (location.hash = hash), href)
      await check(href.replace(/[\w-]{30,}/, '…'))
    }
    // With runs chosen the form of a benchmark has all its parts; menus and dialogs stand over it.
    await page.evaluate(() => void (location.hash = '#/benchmark'))
    await page.getByRole('checkbox', { name: /exp1, de_test/ }).check()
    await page.getByRole('region', { name: 'Preflight' }).getByRole('table').waitFor()
    await check('benchmark, chosen')
    await page.getByText('Two folders').click()
    await check('benchmark, two folders')
    await page.evaluate(() => void (location.hash = '#/runs'))
    for (const menu of ['Columns', 'Export']) {
      await page.getByRole('button', { name: menu }).click()
      await check(menu)
      await page.keyboard.press('Escape')
    }
    await page.getByRole('button', { name: 'Engine', exact: true }).click()
    await check('connection')
    await page.keyboard.press('Escape')
    const run = async (command: string) => {
      await openPalette(page)
      await page.keyboard.type(command)
      await page.keyboard.press('Enter')
      // The palette itself is a dialog too; it has to go first.
      await page.getByRole('listbox').waitFor({ state: 'detached' })
      await page.getByRole('dialog').waitFor()
      await check(command)
      await page.keyboard.press('Escape')
    }
    await run('Connect to engine')
    await run('Open workspace')
    await page.keyboard.press('Control+k')
    await check('palette')
    await page.keyboard.press('Escape')
    await page.evaluate(() => void (location.hash = '#/runs'))
    await page.getByRole('button', { name: 'Keyboard' }).click()
    await check('shortcuts')
    expect(found).toEqual([])
  })
})

describe.skipIf(!existsSync(join(pages, 'index.html')))('the first load', () => {
  it('stays under 600 kB compressed', () => {
    const html = readFileSync(join(pages, 'index.html'), 'utf8')
    const files = [...html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+\.(?:js|css))"/g)].map(
      ([, file]) => file,
    )
    expect(files.length).toBeGreaterThan(1)
    const total = files.reduce((sum, file) => sum + gzipSync(readFileSync(join(pages, file))).length, 0)
    expect(total).toBeLessThan(600_000)
  })
})

/** The real window: what it shows, what it refuses, and what happens when its engine dies. */
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import type { ElectronApplication, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { menuCommands } from '../../src/renderer/src/app/nativeMenu.ts'
import { runCli } from '../support/cli.ts'
import { jpeg, temporaryFolder, writePairs } from '../support/frames.ts'
import { noWindowReason, openDisplay, openWindow, repository, startOf } from '../support/electron.ts'
import { startServe } from '../support/serve.ts'
import { enginePid, openResults, startBenchmark, waitForProgress } from '../support/studioPage.ts'

const needs = noWindowReason === undefined ? '' : ` (skipped: ${noWindowReason})`
const isBuilt = existsSync(join(repository, 'out/main/index.cjs'))
const pairs = 250
/** An address of this machine that is not the usual loopback one. */
const otherAddress =
  Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .find(({ internal, family }) => !internal && family === 'IPv4')?.address ?? '127.0.0.2'

describe.skipIf(noWindowReason !== undefined || !isBuilt)(`the window${needs}`, () => {
  const home = temporaryFolder('home')
  const root = temporaryFolder('workspace')
  const outside = temporaryFolder('outside')
  let display: Awaited<ReturnType<typeof openDisplay>>
  let app: ElectronApplication
  let page: Page
  let problems: string[]

  const open = async (changes: Parameters<typeof startOf>[2] = {}) => {
    ;({ app, page, problems } = await openWindow(startOf(home, display.display, changes)))
  }
  const menuItem = (id: string) =>
    app.evaluate(({ Menu }, wanted) => Menu.getApplicationMenu()!.getMenuItemById(wanted)!.click(), id)
  /** The first pixel of a picture, read back from a canvas. */
  const pixelOf = (address: string) =>
    page.evaluate(async (src) => {
      const image = new Image()
      image.crossOrigin = 'anonymous'
      image.src = src
      await image.decode()
      const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight)
      const context = canvas.getContext('2d')!
      context.drawImage(image, 0, 0)
      return [...context.getImageData(0, 0, 1, 1).data]
    }, address)
  /** Fetches inside the page and gives status and headers, or `blocked`. */
  const fetched = (address: string) =>
    page.evaluate(async (url) => {
      try {
        const answer = await fetch(url)
        return {
          status: answer.status,
          type: answer.headers.get('content-type'),
          policy: answer.headers.get('content-security-policy'),
          text: (await answer.text()).slice(0, 200),
        }
      } catch {
        return 'blocked' as const
      }
    }, address)

  beforeAll(async () => {
    display = await openDisplay()
    await writePairs(root, pairs)
    await writeFile(join(outside, 'private.jpg'), await jpeg(16, 16, 1, 0))
    await open()
    await page.getByRole('button', { name: /^Open folder/ }).waitFor()
  })
  afterAll(async () => {
    await app?.close().catch(() => {})
    display?.close()
  })

  it('is sandboxed: the page has the bridge and nothing of Node or Electron', async () => {
    expect(page.url()).toBe('parallax-app://studio/')
    const found = await page.evaluate(() => ({
      leaks: ['require', 'process', 'module', 'global', 'Buffer', 'electron', 'ipcRenderer'].filter(
        (name) => name in globalThis,
      ),
      bridge: Object.keys(window.parallax ?? {}).sort(),
    }))
    expect(found).toEqual({
      leaks: [],
      bridge: [
        'allowEngine',
        'capabilities',
        'notify',
        'onEngine',
        'onMenu',
        'pathOfDroppedFile',
        'pickFile',
        'pickFolder',
        'requestPort',
        'restartEngine',
        'reveal',
        'setMenu',
        'setProgress',
      ],
    })
    const preferences = await app.evaluate(({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0].webContents as unknown as {
        getLastWebPreferences(): Record<string, unknown>
      }
      const { sandbox, contextIsolation, nodeIntegration, webSecurity } = contents.getLastWebPreferences()
      return { sandbox, contextIsolation, nodeIntegration, webSecurity }
    })
    expect(preferences).toEqual({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
    })
  })

  it('runs own code only: no eval, no inline script, nothing from elsewhere', async () => {
    const answer = await fetched('parallax-app://studio/')
    expect(answer).toMatchObject({ status: 200, policy: expect.stringContaining("default-src 'none'") })
    expect((answer as { policy: string }).policy).toMatch(/script-src 'self' 'wasm-unsafe-eval';/)
    const violations = await page.evaluate(async () => {
      const seen: string[] = []
      addEventListener('securitypolicyviolation', ({ effectiveDirective }) => seen.push(effectiveDirective))
      const inline = document.createElement('script')
      inline.textContent = 'globalThis.wasRun = true'
      document.head.append(inline)
      const frame = document.createElement('iframe')
      frame.src = 'https://example.com/'
      document.body.append(frame)
      await fetch('https://example.com/').catch(() => {})
      // Later, for what a debugger runs may use eval.
      const hasEval = await new Promise((resolve) =>
        setTimeout(() => {
          try {
            resolve((0, eval)('1') === 1)
          } catch {
            resolve(false)
          }
        }),
      )
      await new Promise((resolve) => setTimeout(resolve, 200))
      frame.remove()
      return { seen: [...new Set(seen)].sort(), hasEval, wasRun: 'wasRun' in globalThis }
    })
    expect(violations.hasEval).toBe(false)
    expect(violations.wasRun).toBe(false)
    expect(violations.seen).toEqual(
      expect.arrayContaining(['connect-src', 'frame-src', 'script-src', 'script-src-elem']),
    )
    problems.length = 0
  })

  it('serves its pages and nothing else of the disk', async () => {
    for (const path of [
      '/../../package.json',
      '/%2e%2e/%2e%2e/package.json',
      '/..%2f..%2fpackage.json',
      '/%252e%252e%252fpackage.json',
      '/assets/..%5c..%5cpackage.json',
      '/%',
      '//etc/passwd',
      '/none.js',
    ])
      expect(await fetched(`parallax-app://studio${path}`), path).toMatchObject({
        status: 404,
        text: 'Not found.',
      })
    expect(await fetched('parallax-app://other/index.html')).toBe('blocked')
    expect(await fetched(`file://${join(repository, 'package.json')}`)).toBe('blocked')
    problems.length = 0
  })

  it('goes nowhere else, opens no second window and hands only web links to the browser', async () => {
    await app.evaluate(({ shell }) => {
      const opened: string[] = []
      Object.assign(globalThis, { opened })
      shell.openExternal = (url: string) => {
        opened.push(url)
        return Promise.resolve()
      }
    })
    for (const address of [
      'https://example.com/',
      'file:///etc/passwd',
      'http://127.0.0.1:1/',
      'about:blank',
    ]) {
      expect(await page.evaluate((url) => window.open(url) === null, address), address).toBe(true)
      await page.evaluate((url) => void (location.href = url), address).catch(() => {})
    }
    await expect.poll(() => page.evaluate(() => location.href)).toBe('parallax-app://studio/')
    await page.getByRole('button', { name: /^Open folder/ }).waitFor()
    expect(app.windows()).toHaveLength(1)
    expect(await app.evaluate(() => (globalThis as unknown as { opened: string[] }).opened)).toEqual([
      'https://example.com/',
    ])
    problems.length = 0
  })

  it('is given no permission', async () => {
    const refused = await page.evaluate(async () => {
      const state = async (name: string) =>
        (await navigator.permissions.query({ name: name as PermissionName })).state
      const failure = (request: Promise<unknown>) =>
        request.then(
          () => 'granted',
          (error: Error) => error.name,
        )
      return {
        notifications: Notification.permission,
        geolocation: await state('geolocation'),
        camera: await failure(navigator.mediaDevices.getUserMedia({ video: true })),
        clipboard: await failure(navigator.clipboard.readText()),
      }
    })
    expect(refused).toMatchObject({ notifications: 'denied', geolocation: 'denied' })
    expect(refused.camera).not.toBe('granted')
    expect(refused.clipboard).toBe('NotAllowedError')
    problems.length = 0
  })

  it('opens a folder from the native dialog and lists it among the recent ones', async () => {
    await app.evaluate(({ dialog }, folder) => {
      dialog.showOpenDialog = (() =>
        Promise.resolve({ canceled: false, filePaths: [folder] })) as typeof dialog.showOpenDialog
    }, root)
    await menuItem('workspace.open')
    await page.getByRole('main').getByText('de_test').first().waitFor()
    await expect
      .poll(() =>
        app.evaluate(
          ({ Menu }, id) => Menu.getApplicationMenu()!.getMenuItemById(id)?.label ?? '',
          `workspace.recent:${root}`,
        ),
      )
      .toContain(root)
  })

  it('runs a benchmark and shows its frames, which a canvas may read', async () => {
    await startBenchmark(page, /exp1, de_test/, ['Pixels'])
    await openResults(page)
    await page.getByRole('cell', { name: 'de_test' }).first().waitFor()
    const picture = page.locator('img[src^="parallax-media://"]').first()
    await picture.waitFor()
    await expect
      .poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth))
      .toBeGreaterThan(0)
    const address = await picture.evaluate((image: HTMLImageElement) => image.src)
    expect(address).not.toContain('token')
    expect((await pixelOf(address))[3]).toBe(255)
    expect(problems).toEqual([])

    const at = (path: string) => fetched(`parallax-media://file/?path=${encodeURIComponent(path)}`)
    expect(await at(join(outside, 'private.jpg'))).toMatchObject({ status: 403 })
    expect(await at(join(repository, 'package.json'))).toMatchObject({ status: 415 })
    const [shown, secret] = [new URL(address).searchParams.get('path')!, join(outside, 'private.jpg')]
    const together = await fetched(
      `parallax-media://files/?${new URLSearchParams([
        ['path', secret],
        ['path', shown],
      ])}`,
    )
    expect(together).toMatchObject({ status: 200, text: expect.stringMatching(/permission.*image\/jpeg/) })
    expect(await fetched('parallax-media://else/')).toMatchObject({ status: 404 })
    problems.length = 0
  })

  it('says when its engine was killed, starts it again, and the job goes on where it was', async () => {
    await startBenchmark(page, /exp1, de_test/, ['PSNR and SSIM', 'Edges'])
    await waitForProgress(page, 0.2)
    const before = await enginePid(page)
    process.kill(before, 'SIGKILL')
    await page.getByText('Connected to the engine again').waitFor()
    expect(await enginePid(page)).not.toBe(before)
    await openResults(page)
    const log = page.getByRole('main')
    await log.getByText(`${pairs} pairs`).first().waitFor()
    const lines = await page.evaluate(() => location.hash)
    expect(lines).toMatch(/^#\/runs\//)
    problems.length = 0
  })

  it('shows an engine that hangs, and starts another in its place when asked', async () => {
    const before = await enginePid(page)
    process.kill(before, 'SIGSTOP')
    await page.getByRole('button', { name: 'No answer' }).click()
    await page.getByRole('button', { name: 'Restart the engine' }).click()
    await page.getByText('Connected to the engine again').waitFor()
    expect(await enginePid(page)).not.toBe(before)
    problems.length = 0
  })

  it('has menus that do what they say, in the language of the page', async () => {
    const ids = await app.evaluate(({ Menu }) => {
      const idsOf = (items: Electron.MenuItem[]): string[] =>
        items.flatMap((item) => [
          ...(item.id ? [item.id] : []),
          ...(item.submenu ? idsOf(item.submenu.items) : []),
        ])
      return idsOf(Menu.getApplicationMenu()!.items)
    })
    expect(ids).toEqual(expect.arrayContaining(Object.values(menuCommands).flat()))
    const routes = ids.filter((id) => id.startsWith('go.'))
    expect(routes.length).toBeGreaterThanOrEqual(6)
    for (const id of routes) {
      await menuItem(id)
      await page.waitForURL(id === 'go.workspace' ? /#\/$/ : new RegExp(`#/${id.slice(3)}`))
    }
    await menuItem('window.shortcuts')
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor()
    await page.keyboard.press('Escape')
    const labels = () =>
      app.evaluate(({ Menu }) => Menu.getApplicationMenu()!.items.map(({ label }) => label))
    await menuItem('view.language')
    await expect.poll(labels).toContain('文件')
    await menuItem('view.language')
    await expect.poll(labels).toContain('File')
  })

  it('notifies when it does not have the focus, and goes to the page when that is clicked', async () => {
    await app.evaluate(({ Notification, BrowserWindow }) => {
      const shown: { title: string; body: string; click(): void }[] = []
      Object.assign(globalThis, { shown })
      Notification.isSupported = () => true
      Notification.prototype.show = function (this: Electron.Notification) {
        shown.push({ title: this.title, body: this.body, click: () => this.emit('click') })
      }
      BrowserWindow.prototype.isFocused = () => (globalThis as { hasFocus?: boolean }).hasFocus === true
    })
    type Shown = { title: string; body: string; click(): void }[]
    const shown = () =>
      app.evaluate(() =>
        (globalThis as unknown as { shown: Shown }).shown.map(({ title, body }) => [title, body]),
      )
    const notify = (title: string, route = '/jobs') =>
      page.evaluate(
        ([text, to]) => window.parallax!.notify({ title: text, body: 'b', route: to }),
        [title, route],
      )
    await notify('Benchmark: done')
    await notify('no route', 'https://example.com')
    await app.evaluate(() => void Object.assign(globalThis, { hasFocus: true }))
    await notify('seen already')
    await expect.poll(shown).toEqual([['Benchmark: done', 'b']])
    await app.evaluate(() => (globalThis as unknown as { shown: Shown }).shown[0].click())
    await page.waitForURL(/#\/jobs$/)

    // The same of a real job that ends while the person looks elsewhere.
    await app.evaluate(() => void Object.assign(globalThis, { hasFocus: false }))
    await startBenchmark(page, /exp1, de_test/, ['Pixels', 'Edges'])
    await expect.poll(async () => (await shown()).at(-1)?.[0]).toMatch(/exp1.*: done$/)
    await app.evaluate(() => (globalThis as unknown as { shown: Shown }).shown.at(-1)!.click())
    await page.waitForURL(/#\/runs\/[\w-]+/)

    // And of a training process, started on a terminal.
    const training = ['train', 'start', '--', process.execPath, '-e', 'setTimeout(() => {}, 3000)']
    expect((await runCli(training, { home, cwd: root })).status).toBe(0)
    await expect.poll(async () => (await shown()).at(-1)?.[1], { timeout: 20_000 }).toMatch(/^Finished/)
    await app.evaluate(() => (globalThis as unknown as { shown: Shown }).shown.at(-1)!.click())
    await page.waitForURL(/#\/train\/processes\/[\w-]+/)
  })

  it('takes folders that are dropped on any of its pages', async () => {
    const frames = await writePairs(temporaryFolder('dropped'), 3)
    const session = await page.context().newCDPSession(page)
    const drop = async (path: string) => {
      const data = { items: [], files: [path], dragOperationsMask: 1 }
      for (const type of ['dragEnter', 'dragOver'] as const)
        await session.send('Input.dispatchDragEvent', { type, x: 600, y: 400, data })
      await page.getByText('Drop the folder').waitFor()
      await session.send('Input.dispatchDragEvent', { type: 'drop', x: 600, y: 400, data })
      await page.getByText('Drop the folder').waitFor({ state: 'hidden' })
    }
    await menuItem('go.jobs')
    await drop(frames.prediction)
    await page.waitForURL(/#\/benchmark$/)
    const field = (name: string) => page.getByRole('textbox', { name }).inputValue()
    expect(await field('Predictions')).toBe(frames.prediction)
    // The folder is named after a map of the open workspace.
    expect(await field('Ground truth')).toBe(join(root, 'data/preprocessed_data/de_test/imgs'))
    await page.getByRole('button', { name: 'It is ground truth' }).click()
    expect(await field('Ground truth')).toBe(frames.prediction)

    await menuItem('go.system')
    const plain = temporaryFolder('plain')
    await drop(plain)
    await page.waitForURL(/#\/$/)
    await page.getByRole('main').getByText(plain).first().waitFor()
    await drop(root)
    await page.getByRole('main').getByText('exp1').first().waitFor()
    problems.length = 0
  })

  it('connects to an engine elsewhere, shows its pictures, and comes back to its own', async () => {
    const far = temporaryFolder('far-home')
    const frames = await writePairs(temporaryFolder('far'), 3, { experiment: 'far_away' })
    const measure = ['benchmark', '--pixel', '--gt', frames.reference, '--pred', frames.prediction]
    expect((await runCli(measure, { home: far })).status).toBe(0)
    const serve = await startServe(far)
    try {
      await menuItem('engine.connect')
      await page.getByRole('textbox', { name: 'Address' }).fill(serve.url)
      await page.getByRole('button', { name: 'Connect', exact: true }).click()
      await page.getByRole('button', { name: `Engine at 127.0.0.1:${serve.port}` }).waitFor()
      await menuItem('go.runs')
      await page.getByRole('main').getByText('far_away').first().click()
      const picture = page.locator(`img[src^="http://127.0.0.1:${serve.port}/media/"]`).first()
      await picture.waitFor()
      const address = await picture.evaluate((image: HTMLImageElement) => image.src)
      expect((await pixelOf(address))[3]).toBe(255)
      expect(problems).toEqual([])

      await serve.end('SIGKILL')
      await page.getByRole('button', { name: 'Reconnecting' }).click()
      await page.getByRole('button', { name: 'Back to the engine of this window' }).click()
      await page.getByRole('button', { name: 'Engine', exact: true }).waitFor()
      await menuItem('go.runs')
      await page.getByRole('main').getByText('exp1').first().waitFor()
    } finally {
      await serve.end('SIGKILL')
    }
    problems.length = 0
  })

  it('connects to an engine at another address, which its policy names from then on', async () => {
    const far = temporaryFolder('network-home')
    const frames = await writePairs(temporaryFolder('network'), 3, { experiment: 'in_network' })
    const measure = ['benchmark', '--pixel', '--gt', frames.reference, '--pred', frames.prediction]
    expect((await runCli(measure, { home: far })).status).toBe(0)
    const serve = await startServe(far, { args: ['--host', otherAddress] })
    const badge = page.getByRole('button', { name: `Engine at ${otherAddress}:${serve.port}` })
    try {
      // Without being asked for by a person it stays out of reach.
      expect(await fetched(`http://${otherAddress}:${serve.port}/media/file`)).toBe('blocked')
      await menuItem('engine.connect')
      await page.getByRole('textbox', { name: 'Address' }).fill(`${otherAddress}:${serve.port}`)
      await page.getByRole('textbox', { name: 'Token' }).fill(serve.token)
      await page.getByRole('button', { name: 'Connect', exact: true }).click()
      await badge.waitFor()
      await menuItem('go.runs')
      await page.getByRole('main').getByText('in_network').first().click()
      const picture = page.locator(`img[src^="http://${otherAddress}:${serve.port}/media/"]`).first()
      await picture.waitFor()
      expect((await pixelOf(await picture.evaluate((image: HTMLImageElement) => image.src)))[3]).toBe(255)
      const { port, token } = serve
      await serve.end('SIGKILL')
      await page.getByRole('button', { name: 'Reconnecting' }).waitFor()
      const again = await startServe(far, { port, token, args: ['--host', otherAddress] })
      await page.getByText('Connected to the engine again').waitFor()
      await badge.click()
      await page.getByRole('button', { name: 'Back to the engine of this window' }).click()
      await page.getByRole('button', { name: 'Engine', exact: true }).waitFor()
      await again.end('SIGKILL')
    } finally {
      await serve.end('SIGKILL')
    }
    problems.length = 0
  })

  it('is one: a second start hands over its link and ends', async () => {
    const { executablePath, args, env } = startOf(home, display.display, { args: ['parallax://system'] })
    const second = spawn(executablePath, args, { env, stdio: 'ignore' })
    const status = await new Promise((resolve) => second.on('exit', resolve))
    expect(status).toBe(0)
    await page.waitForURL('parallax-app://studio/#/system')
    // The page was not loaded again: what it kept in memory is still there.
    expect(await page.evaluate(() => performance.getEntriesByType('navigation').length)).toBe(1)
    expect(app.windows()).toHaveLength(1)
  })

  it('closed in the middle of a job goes on with it next time, at the same place on the screen', async () => {
    await page.goto('parallax-app://studio/#/')
    const bounds = { x: 40, y: 30, width: 1111, height: 777 }
    await app.evaluate(({ BrowserWindow }, to) => BrowserWindow.getAllWindows()[0].setBounds(to), bounds)
    const jobId = await startBenchmark(page, /exp1, de_test/, ['MS-SSIM'])
    await waitForProgress(page, 0.1)
    await app.close()
    expect(JSON.parse(readFileSync(join(home, 'window.json'), 'utf8'))).toMatchObject(bounds)

    await open({ args: [`parallax://jobs/${jobId}`] })
    expect(page.url()).toBe(`parallax-app://studio/#/jobs/${jobId}`)
    expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0].getBounds())).toEqual(
      bounds,
    )
    await openResults(page)
    expect(problems).toEqual([])
  })

  it('says why, when its engine cannot be started', async () => {
    await app.close()
    await open({ env: { PARALLAX_ENGINE_NODE: '/nowhere/node' } })
    await page.getByRole('button', { name: 'Not connected' }).click()
    await page.getByText('/nowhere/node could not be started').waitFor()
    expect(await fetched('parallax-media://file/?path=%2Fx.png')).toMatchObject({ status: 503 })
  })

  it('loads its page again when the process of the page died', async () => {
    await app.close()
    await open()
    await page.getByRole('button', { name: 'Engine', exact: true }).waitFor()
    await app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0].webContents.forcefullyCrashRenderer(),
    )
    // The page that was spoken to is gone for good, so the window itself is asked what it shows.
    const shown = () =>
      app.evaluate(async ({ BrowserWindow }) => {
        const [{ webContents }] = BrowserWindow.getAllWindows()
        if (webContents.isCrashed() || webContents.isLoading()) return 'nothing'
        // A question to a page whose process is just dying is never answered.
        return await Promise.race([
          webContents.executeJavaScript(
            'document.querySelector("header")?.innerText ?? ""',
          ) as Promise<string>,
          new Promise<string>((resolve) => setTimeout(() => resolve('nothing'), 1000)),
        ])
      })
    await expect.poll(shown).toContain('Engine')
  })
})

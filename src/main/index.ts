/** The window's main process: thin. It opens windows, starts the engine, and answers what only a desktop can. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { BrowserWindow, app } from 'electron'
import { answerBridge } from './hosts/electron/bridge.ts'
import { startEngine } from './hosts/electron/engineProcess.ts'
import { routeOfLink } from './hosts/electron/links.ts'
import { installMenu } from './hosts/electron/menu.ts'
import { declareSchemes, serveSchemes } from './hosts/electron/protocols.ts'
import { openWindow, refusePermissions, windowStateFile } from './hosts/electron/window.ts'
import { homeFolder } from './homeFolder.ts'

const bundleDir = import.meta.dirname
const home = homeFolder()

if (!app.requestSingleInstanceLock()) app.quit()
else start()

function start(): void {
  declareSchemes()
  mkdirSync(home, { recursive: true })
  app.setPath('userData', join(home, 'window'))
  app.setAsDefaultProtocolClient('parallax')
  app.on('second-instance', (_event, args) => openLink(args.find((arg) => arg.startsWith('parallax://'))))
  app.on('open-url', (event, url) => {
    event.preventDefault()
    openLink(url)
  })
  app.on('window-all-closed', () => app.quit())

  void app.whenReady().then(() => {
    const toPages = (channel: string, value: unknown) => {
      for (const window of BrowserWindow.getAllWindows()) window.webContents.send(channel, value)
    }
    const engine = startEngine(join(bundleDir, 'engine.cjs'), {
      onStarted: () => toPages('parallax:engine', { state: 'started' }),
      onStopped: (reason, willRestart) =>
        toPages('parallax:engine', { state: 'stopped', reason, willRestart }),
      log: (text) => console.error(text),
    })
    refusePermissions()
    serveSchemes(join(bundleDir, '../renderer'), engine.media)
    answerBridge(engine)
    installMenu(focusedWindow)
    openWindow(join(bundleDir, '../preload/index.cjs'), windowStateFile(home))
    openLink(process.argv.find((arg) => arg.startsWith('parallax://')))
    app.on('activate', () => {
      if (BrowserWindow.getAllWindows().length === 0)
        openWindow(join(bundleDir, '../preload/index.cjs'), windowStateFile(home))
    })
    app.on('will-quit', () => engine.stop())
  })
}

const focusedWindow = (): BrowserWindow | undefined =>
  BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0]

/** Shows the window and, when a `parallax://` link came with it, the page it names. */
function openLink(link: string | undefined): void {
  const window = focusedWindow()
  if (!window) return
  if (window.isMinimized()) window.restore()
  window.focus()
  const route = link === undefined ? undefined : routeOfLink(link)
  if (route === undefined) return
  const send = () => window.webContents.send('parallax:link', route)
  if (window.webContents.isLoading()) window.webContents.once('did-finish-load', send)
  else send()
}

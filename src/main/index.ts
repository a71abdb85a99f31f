/** The window's main process: thin. It opens windows, starts the engine, and answers what only a desktop can. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { BrowserWindow, app } from 'electron'
import { answerBridge } from './hosts/electron/bridge.ts'
import { createContentPolicy } from './hosts/electron/contentPolicy.ts'
import { startEngine } from './hosts/electron/engineProcess.ts'
import { linkAmong, routeOfLink } from './hosts/electron/links.ts'
import { installFirstMenu } from './hosts/electron/menu.ts'
import { declareSchemes, serveSchemes } from './hosts/electron/protocols.ts'
import { openWindow, refusePermissions, showRoute, windowStateFile } from './hosts/electron/window.ts'
import { homeFolder } from './homeFolder.ts'

const bundleDir = import.meta.dirname
/** The engine lies beside an app's archive, which neither worker threads nor another Node could read. */
const engineEntry = join(bundleDir, 'engine.cjs').replace(/([\\/])app\.asar(?=[\\/])/, '$1app.asar.unpacked')
const home = homeFolder()

// The lock belongs to the data folder: studios with different ones may run side by side.
mkdirSync(join(home, 'window'), { recursive: true })
app.setPath('userData', join(home, 'window'))
if (!app.requestSingleInstanceLock()) app.quit()
else start()

function start(): void {
  declareSchemes()
  // In a checkout the program is Electron itself, which must not become the one that opens our links.
  if (app.isPackaged) app.setAsDefaultProtocolClient('parallax')
  let firstLink = linkAmong(process.argv)
  app.on('second-instance', (_event, args) => openLink(linkAmong(args)))
  app.on('open-url', (event, url) => {
    event.preventDefault()
    if (app.isReady()) openLink(url)
    else firstLink = url
  })
  app.on('window-all-closed', () => app.quit())

  void app.whenReady().then(() => {
    const engine = startEngine(engineEntry, {
      onEvent: (event) => {
        for (const window of BrowserWindow.getAllWindows()) window.webContents.send('parallax:engine', event)
      },
      log: (text) => console.error(text),
    })
    refusePermissions()
    const policy = createContentPolicy()
    serveSchemes(join(bundleDir, '../renderer'), policy, () => engine.media())
    answerBridge(engine, policy)
    installFirstMenu()
    openWindow(
      join(bundleDir, '../preload/index.cjs'),
      windowStateFile(home),
      firstLink === undefined ? undefined : routeOfLink(firstLink),
    )
    app.on('will-quit', () => engine.stop())
  })
}

/** Shows the window and, when a `parallax://` link came with it, the page it names. */
function openLink(link: string | undefined): void {
  const [window] = BrowserWindow.getAllWindows()
  if (!window) return
  showRoute(window, link === undefined ? undefined : routeOfLink(link))
}

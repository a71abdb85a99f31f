/** Runs before the page, sandboxed: offers exactly the bridge and nothing of Electron itself. */
import { contextBridge, ipcRenderer, webUtils } from 'electron'
import { portMessageType, type EngineEvent, type ParallaxBridge } from '../shared/bridge.ts'

const listen =
  <Value>(channel: string) =>
  (listener: (value: Value) => void): (() => void) => {
    const relay = (_event: unknown, value: Value) => listener(value)
    ipcRenderer.on(channel, relay)
    return () => void ipcRenderer.off(channel, relay)
  }

// Ports cannot pass the context bridge; they reach the page as a message of its own window.
ipcRenderer.on('parallax:port', (event) =>
  window.postMessage({ type: portMessageType }, location.origin, event.ports),
)
ipcRenderer.on('parallax:engine', (_event, { state }: EngineEvent) => {
  if (state === 'started') ipcRenderer.send('parallax:request-port')
})

const bridge: ParallaxBridge = {
  capabilities: { door: 'window', hasNativeDialogs: true, canReveal: true, hasDroppedPaths: true },
  requestPort: () => ipcRenderer.send('parallax:request-port'),
  onEngine: listen<EngineEvent>('parallax:engine'),
  restartEngine: () => ipcRenderer.send('parallax:restart-engine'),
  pickFolder: (options) =>
    ipcRenderer.invoke('parallax:pick', 'folder', options) as Promise<string | undefined>,
  pickFile: (options) => ipcRenderer.invoke('parallax:pick', 'file', options) as Promise<string | undefined>,
  reveal: (path) => ipcRenderer.invoke('parallax:reveal', path) as Promise<void>,
  allowEngine: (origin) => ipcRenderer.invoke('parallax:allow-engine', origin) as Promise<boolean>,
  // Electron before 32 has no webUtils and puts the path on the file itself.
  pathOfDroppedFile: (file) =>
    webUtils ? webUtils.getPathForFile(file) : ((file as File & { path?: string }).path ?? ''),
  setMenu: (groups) => ipcRenderer.send('parallax:set-menu', groups),
  onMenu: listen<string>('parallax:menu'),
  notify: (notice) => ipcRenderer.send('parallax:notify', notice),
  setProgress: (share) => ipcRenderer.send('parallax:progress', share),
}
contextBridge.exposeInMainWorld('parallax', bridge)

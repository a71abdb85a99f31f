/** Notices of the system, for people who look elsewhere: the window shows them itself, a browser after it was allowed to. */
import { goTo } from './hashLocation.ts'
import type { DesktopNotice } from '../../../shared/bridge.ts'

/** Shows a notice unless this page has the focus; a click on it opens its route. */
export function showNotice(notice: DesktopNotice): void {
  if (window.parallax) return window.parallax.notify(notice)
  const isAllowed = typeof Notification !== 'undefined' && Notification.permission === 'granted'
  if (!isAllowed || document.hasFocus()) return
  const { title, body, route } = notice
  const shown = new Notification(title, body === undefined ? {} : { body })
  shown.onclick = () => {
    window.focus()
    goTo(route)
  }
}

/** Asks once whether a browser may show notices; only a press of a button may ask. The window needs no leave. */
export function askForNotices(): void {
  if (!window.parallax && typeof Notification !== 'undefined' && Notification.permission === 'default')
    void Notification.requestPermission()
}

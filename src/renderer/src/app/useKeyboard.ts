/** Listens to the keyboard for the commands that are offered now. */
import { useEffect } from 'react'
import { isMac, matchesKeys } from '../ui/keys.ts'
import { allCommands, useCommands } from './commands.ts'
import { isPageCovered, useDialog } from './dialogs.ts'

const typingTags = new Set(['INPUT', 'TEXTAREA', 'SELECT'])
const nonTextInputs = new Set(['checkbox', 'radio', 'range', 'button', 'color'])

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target instanceof HTMLInputElement && nonTextInputs.has(target.type)) return false
  return typingTags.has(target.tagName) || target.isContentEditable
}

/** One listener for the window. A window over the page keeps the page's keys from acting behind it; a page's own, all keys. */
export function useKeyboard(): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return
      const typing = isTyping(event.target)
      if (isPageCovered()) return
      const { open, folder } = useDialog.getState()
      const isInDialog = open !== undefined || folder !== undefined
      const command = allCommands(useCommands.getState().lists).find(
        ({ keys, scope, isForTyping }) =>
          keys !== undefined &&
          (!typing || isForTyping === true) &&
          (!isInDialog || scope === 'window') &&
          matchesKeys(event, keys, isMac()),
      )
      if (!command || command.disabledReason !== undefined) return
      event.preventDefault()
      command.perform()
    }
    addEventListener('keydown', onKeyDown)
    return () => removeEventListener('keydown', onKeyDown)
  }, [])
}

import { beforeEach, describe, expect, it } from 'vitest'
import { askForFolder, closeDialog, showDialog, useDialog } from '../../../src/renderer/src/app/dialogs.ts'

beforeEach(closeDialog)

describe('the windows over the page', () => {
  it('follow each other: a new one takes the place of the one before', () => {
    showDialog('palette')
    showDialog('connect')
    expect(useDialog.getState().open).toBe('connect')
  })

  it('leave a question for a folder unanswered when another takes its place', async () => {
    const chosen = askForFolder('Predictions')
    expect(useDialog.getState()).toMatchObject({ open: undefined, folder: { title: 'Predictions' } })
    showDialog('palette')
    await expect(chosen).resolves.toBeUndefined()
    expect(useDialog.getState()).toMatchObject({ open: 'palette', folder: undefined })
  })

  it('give the folder that was chosen, and are gone', async () => {
    const chosen = askForFolder('Predictions', '/data')
    useDialog.getState().folder?.answer('/data/exp1')
    await expect(chosen).resolves.toBe('/data/exp1')
    expect(useDialog.getState().folder).toBeUndefined()
  })
})

import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Marker } from '../../../../shared/contract/compare.ts'
import { engine } from '../../api/connection.ts'
import { invalidate } from '../../api/queries.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { TextInput } from '../../ui/inputs.tsx'
import { toast } from '../../ui/toasts.ts'
import type { OpenComparison } from './comparison.ts'
import { useCompare } from './compareStore.ts'

/** Writes a marker on the present frame, or changes the one that is there. */
export function MarkerDialog({
  data,
  markers,
  onClose,
}: {
  data: OpenComparison
  markers: readonly Marker[]
  onClose(): void
}) {
  const { t } = useTranslation('compare')
  const name = data.names[useCompare.getState().head.position]
  const [text, setText] = useState(() => markers.find((marker) => marker.name === name)?.text ?? '')
  const save = async () => {
    if (text.trim() === '') return
    try {
      await engine().call('compare.setMarker', { referenceDir: data.referenceDir, name, text: text.trim() })
      invalidate('compare.markers')
      onClose()
    } catch (error) {
      toast({ look: 'failed', text: error instanceof Error ? error.message : String(error) })
    }
  }
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t('command.marker')}
      width={420}
      footer={
        <Button look="primary" onClick={() => void save()}>
          {t('panel.save')}
        </Button>
      }
    >
      <TextInput
        value={text}
        onChange={setText}
        onEnter={() => void save()}
        placeholder={t('panel.markText')}
        aria-label={t('panel.markText')}
        autoFocus
      />
    </Dialog>
  )
}

import { useTranslation } from 'react-i18next'
import { useEngineQuery } from '../../../api/queries.ts'
import { useWorkspaceRoot } from '../../../app/workspace.ts'
import { Field } from '../../../ui/Field.tsx'
import { Select } from '../../../ui/inputs.tsx'

/** Which Python runs a script: one found on this machine, or undefined for the one on the PATH. */
export function PythonSelect(props: { value: string | undefined; onChange(path: string | undefined): void }) {
  const { value, onChange } = props
  const { t } = useTranslation('train')
  const root = useWorkspaceRoot()
  const { data } = useEngineQuery(
    'training.pythons',
    { workspace: root ?? '' },
    { enabled: root !== undefined, staleTime: 60_000 },
  )
  const options = (data ?? []).map(({ path, name, version, kind, problem }) => ({
    value: path,
    label: `${kind === 'path' ? path : `${name} (${kind})`}${version === null ? '' : ` · ${version}`}`,
    isDisabled: problem !== undefined,
  }))
  return (
    <Field label={t('launcher.python')}>
      <Select
        value={value ?? ''}
        options={[{ value: '', label: t('launcher.pythonOnPath') }, ...options]}
        onChange={(path) => onChange(path === '' ? undefined : path)}
      />
    </Field>
  )
}

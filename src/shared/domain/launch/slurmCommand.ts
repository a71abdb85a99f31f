/** The command line inside a Slurm script: without secrets, and one of several values for each task of an array. */
import { isSecretName, maskArguments, maskValue } from '../secrets.ts'
import { quoteShell, quoteShellWord } from '../shellWords.ts'
import { canonicalFlag } from './argumentSpec.ts'
import { commandFromForm, withEnv, withFlag, type LaunchForm } from './launchForm.ts'

/** One task per value of an argument: `--csgo_config` over several configs, `--learning_rate` over several numbers. */
export type SlurmArray = {
  flag: string
  values: string[]
  /** How many tasks may run at once; all when left out. */
  atOnce?: number
}

const taskNumber = '$SLURM_ARRAY_TASK_ID'
/** Words of letters and underscores come through shell quoting as they are; no command has one of these. */
const placeholder = (index: number) => `__PARALLAX_${index}__`

/** Shell text that stands in place of a word of the command. */
type Replacement = { placeholder: string; shell: string }

/**
 * Secrets of the command under the names by which the script finds them. They are given to `sbatch` in its environment,
 * which the job inherits, so that no file holds them.
 */
export function slurmSecrets(form: LaunchForm): Record<string, string> {
  return hideSecrets(form).secrets
}

/**
 * The command as shell text. CUDA_VISIBLE_DEVICES is left out: Slurm hands out the GPUs.
 *
 * @returns lines before the command, the command, and the names of variables that must be set when it runs.
 */
export function slurmCommand(
  form: LaunchForm,
  array?: SlurmArray,
): { before: string[]; command: string; secretNames: string[] } {
  const { form: plain, secrets, replacements } = hideSecrets(withEnv(form, 'CUDA_VISIBLE_DEVICES', undefined))
  const spread =
    array === undefined ? { form: plain, before: [], replacements: [] } : spreadOver(plain, array)
  const { argv, env } = commandFromForm(spread.form)
  const command = [...replacements, ...spread.replacements].reduce(
    (text, { placeholder: word, shell }) => text.replaceAll(word, () => shell),
    quoteShell(argv, env),
  )
  return { before: spread.before, command, secretNames: Object.keys(secrets) }
}

function hideSecrets(form: LaunchForm): {
  form: LaunchForm
  secrets: Record<string, string>
  replacements: Replacement[]
} {
  const secrets: Record<string, string> = {}
  const replacements: Replacement[] = []
  const env = form.env.filter(({ name, value }) => {
    const isSecret = maskValue(name, value) !== value
    if (isSecret) secrets[name] = value
    return !isSecret
  })
  const hide = (value: string): string => {
    const name = `PARALLAX_SECRET_${replacements.length + 1}`
    secrets[name] = value
    replacements.push({ placeholder: placeholder(replacements.length), shell: `"$${name}"` })
    return placeholder(replacements.length - 1)
  }
  const hidden = (items: LaunchForm['items']) =>
    items.map((item) => ({
      ...item,
      values: item.values.map((value) =>
        (item.flag !== null && isSecretName(item.flag) && maskValue(item.flag, value) !== value) ||
        maskArguments([value])[0] !== value
          ? hide(value)
          : value,
      ),
    }))
  return {
    form: {
      ...form,
      env,
      stages: form.stages.map((stage) => ({ ...stage, items: hidden(stage.items) })),
      items: hidden(form.items),
    },
    secrets,
    replacements,
  }
}

/** Puts the task's value in its place, and keeps output folders and ports of the tasks apart. */
function spreadOver(
  form: LaunchForm,
  { flag, values }: SlurmArray,
): { form: LaunchForm; before: string[]; replacements: Replacement[] } {
  const replacements: Replacement[] = []
  const put = (shell: string): string => {
    const word = placeholder(1000 + replacements.length)
    replacements.push({ placeholder: word, shell })
    return word
  }
  const before = [`values=(${values.map(quoteShellWord).join(' ')})`, `value=\${values[${taskNumber}]}`]
  let spread = withFlag(form, flag, put('"$value"'))
  const folder = spread.items.find(
    (item) => item.flag !== null && canonicalFlag(item.flag) === '--output_dir',
  )
  if (folder?.values[0] !== undefined && canonicalFlag(flag) !== '--output_dir') {
    before.push(`names=(${namesOf(values).map(quoteShellWord).join(' ')})`)
    const own = `${quoteShellWord(`${folder.values[0]}_`)}"\${names[${taskNumber}]}"`
    spread = withFlag(spread, folder.flag!, put(own))
  }
  const apart = (port: string) => (/^\d+$/.test(port) ? put(`$((${port} + ${taskNumber}))`) : port)
  return {
    before,
    replacements,
    form: {
      ...spread,
      env: spread.env.map(({ name, value }) => ({
        name,
        value: name === 'MASTER_PORT' ? apart(value) : value,
      })),
      stages: spread.stages.map((stage) => ({
        ...stage,
        items: stage.items.map((item) =>
          item.flag !== null && canonicalFlag(item.flag) === '--master_port'
            ? { ...item, values: item.values.map(apart) }
            : item,
        ),
      })),
    },
  }
}

/** A short name for each value, for folders: the file's stem, else the value itself; numbered where two are the same. */
function namesOf(values: readonly string[]): string[] {
  const names = values.map((value) => {
    const last = value.split(/[\\/]/).findLast((part) => part !== '') ?? value
    return last.replace(/\.(ya?ml|json)$/, '').replaceAll(/[^\w.+-]+/g, '_') || 'value'
  })
  return names.map((name, index) =>
    names.indexOf(name) === index && names.lastIndexOf(name) === index ? name : `${name}_${index}`,
  )
}

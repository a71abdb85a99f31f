/**
 * Programs that start other programs: `python`, `torchrun`, `deepspeed`, `accelerate launch`, `srun`, and everyday
 * wrappers such as `nohup` and `conda run`. Knowing which of their options take a value tells where the script begins.
 */
import type { ArgumentSpec } from './argumentSpec.ts'

/** What a launcher starts: a Python script, or any command again. */
export type LauncherSpec = {
  name: string
  title: string
  /** Matches the program's file name. */
  program: RegExp
  /** Word that must follow the program, such as `launch`. */
  subcommand?: string
  starts: 'script' | 'command'
  args: readonly ArgumentSpec[]
  /** Words without a dash that come before the started command, such as the duration of `timeout`. */
  positionals?: number
}

type Row = readonly [flags: string, type: ArgumentSpec['type'], help: string]
const options = (section: string, rows: readonly Row[]): ArgumentSpec[] =>
  rows.map(([flags, type, help]) => {
    const [flag, ...aliases] = flags.split(' ')
    return { flag, type, default: '', section, help, aliases }
  })

const python = options('Python', [
  ['-u', 'switch', 'Write output at once.'],
  ['-m', 'switch', 'Start a module instead of a file.'],
  ['-O', 'switch', 'Optimise.'],
  ['-OO', 'switch', 'Optimise and drop texts.'],
  ['-B', 'switch', 'Write no .pyc files.'],
  ['-s', 'switch', 'Leave out the user folder.'],
  ['-S', 'switch', 'Leave out site packages.'],
  ['-E', 'switch', 'Leave out PYTHON variables.'],
  ['-I', 'switch', 'Isolated.'],
  ['-v', 'switch', 'Say what is imported.'],
  ['-q', 'switch', 'Quiet.'],
  ['-W', 'str', 'Which warnings are shown.'],
  ['-X', 'str', 'Option of the interpreter.'],
])

const torchrun = options('torchrun', [
  ['--nproc_per_node --nproc-per-node', 'str', 'Processes on this machine: a number, gpu, cpu or auto.'],
  ['--nnodes', 'str', 'Number of machines.'],
  ['--node_rank --node-rank', 'int', 'Number of this machine.'],
  ['--master_addr --master-addr', 'str', 'Address of the first machine.'],
  ['--master_port --master-port', 'int', 'Port for the processes to meet; must be free.'],
  ['--standalone', 'switch', 'One machine, a free port is chosen.'],
  ['--rdzv_backend --rdzv-backend', 'str', 'How processes meet.'],
  ['--rdzv_endpoint --rdzv-endpoint', 'str', 'Where processes meet.'],
  ['--rdzv_id --rdzv-id', 'str', 'Name of the meeting.'],
  ['--rdzv_conf --rdzv-conf', 'str', 'More settings of the meeting.'],
  ['--max_restarts --max-restarts', 'int', 'How often workers are started again.'],
  ['--monitor_interval --monitor-interval', 'float', 'Seconds between two looks at the workers.'],
  ['--start_method --start-method', 'str', 'How processes are started.'],
  ['--role', 'str', 'Name of the workers.'],
  ['--log_dir --log-dir', 'path', 'Folder for the output of each worker.'],
  ['-r --redirects', 'str', 'Which output goes to files.'],
  ['-t --tee', 'str', 'Which output goes to files and the console.'],
  ['--local_addr --local-addr', 'str', 'Address of this machine.'],
  ['--local_ranks_filter --local-ranks-filter', 'str', 'Which ranks are shown.'],
  ['--use_env --use-env', 'switch', 'Old: pass the rank in the environment.'],
  ['-m --module', 'switch', 'Start a module instead of a file.'],
  ['--no_python --no-python', 'switch', 'Start the program without python.'],
  ['--run_path --run-path', 'switch', 'Run the file in the same process.'],
])

const deepspeed = options('DeepSpeed launcher', [
  ['--num_gpus', 'int', 'GPUs per machine.'],
  ['--num_nodes', 'int', 'Number of machines.'],
  ['-i --include', 'str', 'GPUs to use, as localhost:0,1. CUDA_VISIBLE_DEVICES is not read then.'],
  ['-e --exclude', 'str', 'GPUs to leave out.'],
  ['-H --hostfile', 'path', 'List of machines.'],
  ['--master_port', 'int', 'Port for the processes to meet; must be free.'],
  ['--master_addr', 'str', 'Address of the first machine.'],
  ['--node_rank', 'int', 'Number of this machine.'],
  ['--launcher', 'str', 'How other machines are reached.'],
  ['--launcher_args', 'str', 'Arguments of that.'],
  ['--autotuning', 'str', 'Tune settings.'],
  ['--enable_each_rank_log', 'path', 'Folder for the output of each rank.'],
  ['--bind_core_list', 'str', 'Cores to bind to.'],
  ['--ssh_port', 'int', 'Port of ssh.'],
  ['--venv_script', 'path', 'Script that is read before the start.'],
  ['--min_elastic_nodes', 'int', 'Fewest machines.'],
  ['--max_elastic_nodes', 'int', 'Most machines.'],
  ['--module', 'switch', 'Start a module instead of a file.'],
  ['--no_python', 'switch', 'Start the program without python.'],
  ['--no_local_rank', 'switch', 'Do not pass --local_rank.'],
  ['--no_ssh_check', 'switch', 'Do not test ssh.'],
  ['--force_multi', 'switch', 'Treat one machine as several.'],
  ['--save_pid', 'switch', 'Write a file with the process id.'],
  ['--bind_cores_to_rank', 'switch', 'Bind cores.'],
])

const accelerate = options('accelerate launch', [
  ['--config_file', 'path', 'Settings of accelerate.'],
  ['--num_processes', 'int', 'Processes in all.'],
  ['--num_machines', 'int', 'Number of machines.'],
  ['--machine_rank', 'int', 'Number of this machine.'],
  ['--main_process_ip', 'str', 'Address of the first machine.'],
  ['--main_process_port', 'int', 'Port for the processes to meet; must be free.'],
  ['--mixed_precision', 'str', 'no, fp16, bf16 or fp8.'],
  ['--gpu_ids', 'str', 'GPUs to use.'],
  ['--dynamo_backend', 'str', 'Compiler.'],
  ['--num_cpu_threads_per_process', 'int', 'Threads per process.'],
  ['--deepspeed_config_file', 'path', 'DeepSpeed settings.'],
  ['--zero_stage', 'int', 'ZeRO stage.'],
  ['--gradient_accumulation_steps', 'int', 'Forward passes per step.'],
  ['--gradient_clipping', 'float', 'Gradient clipping.'],
  ['--rdzv_backend', 'str', 'How processes meet.'],
  ['--multi_gpu --multi-gpu', 'switch', 'Several GPUs.'],
  ['--use_deepspeed', 'switch', 'Use DeepSpeed.'],
  ['--use_fsdp', 'switch', 'Use FSDP.'],
  ['--cpu', 'switch', 'Use no GPU.'],
  ['--same_network', 'switch', 'Machines share a network.'],
  ['--debug', 'switch', 'Check collective calls.'],
  ['-q --quiet', 'switch', 'Quiet.'],
  ['-m --module', 'switch', 'Start a module instead of a file.'],
  ['--no_python', 'switch', 'Start the program without python.'],
])

const srun = options('srun', [
  ['-p --partition', 'str', 'Partition.'],
  ['-n --ntasks', 'int', 'Number of processes.'],
  ['-N --nodes', 'str', 'Number of machines.'],
  ['--ntasks-per-node --tasks-per-node', 'int', 'Processes per machine.'],
  ['--gres', 'str', 'GPUs, as gpu:2.'],
  ['-G --gpus', 'str', 'GPUs in all.'],
  ['--gpus-per-node', 'str', 'GPUs per machine.'],
  ['--gpus-per-task', 'str', 'GPUs per process.'],
  ['-c --cpus-per-task', 'int', 'Cores per process.'],
  ['--mem', 'str', 'Memory.'],
  ['-t --time', 'str', 'Longest time.'],
  ['-J --job-name', 'str', 'Name of the job.'],
  ['-w --nodelist', 'str', 'Machines to use.'],
  ['-x --exclude', 'str', 'Machines to leave out.'],
  ['-o --output', 'path', 'File for the output.'],
  ['-e --error', 'path', 'File for the errors.'],
  ['-A --account', 'str', 'Account.'],
  ['-q --qos', 'str', 'Quality of service.'],
  ['-C --constraint', 'str', 'What machines must have.'],
  ['--jobid', 'str', 'Job to join.'],
  ['--pty', 'switch', 'Attach a terminal.'],
  ['-l --label', 'switch', 'Write the rank before each line.'],
  ['-u --unbuffered', 'switch', 'Write output at once.'],
  ['-K --kill-on-bad-exit', 'switch', 'End all when one fails.'],
  ['--exclusive', 'switch', 'Share with nobody.'],
  ['--overlap', 'switch', 'Share with other steps.'],
])

const wrapper = (
  name: string,
  rows: readonly Row[] = [],
  more: Partial<LauncherSpec> = {},
): LauncherSpec => ({
  name,
  title: name,
  program: new RegExp(`^${name}$`),
  starts: 'command',
  args: options(name, rows),
  ...more,
})

const containers: readonly Row[] = [
  ['-B --bind', 'str', 'Folders to show inside.'],
  ['--env', 'str', 'Variables to set inside.'],
  ['--pwd', 'path', 'Folder to start in.'],
  ['--nv', 'switch', 'With NVIDIA GPUs.'],
  ['-c --contain', 'switch', 'Without the folders of this machine.'],
  ['-e --cleanenv', 'switch', 'Without the variables of this machine.'],
]

/** Every known launcher and wrapper. */
export const launcherSpecs: readonly LauncherSpec[] = [
  { name: 'python', title: 'Python', program: /^python(\d[\d.]*)?(\.exe)?$/, starts: 'script', args: python },
  { name: 'torchrun', title: 'torchrun', program: /^torchrun$/, starts: 'script', args: torchrun },
  { name: 'deepspeed', title: 'DeepSpeed', program: /^deepspeed$/, starts: 'script', args: deepspeed },
  {
    name: 'accelerate',
    title: 'accelerate launch',
    program: /^accelerate$/,
    subcommand: 'launch',
    starts: 'script',
    args: accelerate,
  },
  { name: 'srun', title: 'Slurm (srun)', program: /^srun$/, starts: 'command', args: srun },
  wrapper('nohup'),
  wrapper('setsid', [
    ['-f --fork', 'switch', 'Fork.'],
    ['-w --wait', 'switch', 'Wait.'],
  ]),
  wrapper('env', [
    ['-i --ignore-environment', 'switch', 'Start with nothing.'],
    ['-u --unset', 'str', 'Take a variable away.'],
  ]),
  wrapper('time', [
    ['-p', 'switch', 'Portable format.'],
    ['-v', 'switch', 'Say more.'],
    ['-o', 'path', 'File for the times.'],
  ]),
  wrapper('nice', [['-n', 'int', 'Niceness.']]),
  wrapper('ionice', [
    ['-c', 'int', 'Class.'],
    ['-n', 'int', 'Level.'],
  ]),
  wrapper('stdbuf', [
    ['-o', 'str', 'Output buffer.'],
    ['-e', 'str', 'Error buffer.'],
    ['-i', 'str', 'Input buffer.'],
  ]),
  wrapper('numactl'),
  wrapper('taskset', [['-c --cpu-list', 'str', 'Cores.']]),
  wrapper(
    'timeout',
    [
      ['-s --signal', 'str', 'Signal.'],
      ['-k --kill-after', 'str', 'Kill after.'],
    ],
    { positionals: 1 },
  ),
  wrapper('sudo', [
    ['-E', 'switch', 'Keep the environment.'],
    ['-u', 'str', 'User.'],
  ]),
  wrapper('xvfb-run', [['-a', 'switch', 'Find a free display.']]),
  wrapper('unbuffer'),
  wrapper('strace', [['-o', 'path', 'File for the calls.']]),
  wrapper('nsys', [['-o --output', 'path', 'File for the profile.']], { subcommand: 'profile' }),
  wrapper('py-spy', [['-o --output', 'path', 'File for the profile.']], { subcommand: 'record' }),
  wrapper('apptainer', containers, { subcommand: 'exec', positionals: 1 }),
  wrapper('singularity', containers, { subcommand: 'exec', positionals: 1 }),
  wrapper('exec'),
  wrapper('command'),
  wrapper(
    'conda',
    [
      ['-n --name', 'str', 'Environment.'],
      ['-p --prefix', 'path', 'Folder of the environment.'],
      ['--no-capture-output --live-stream', 'switch', 'Show output at once.'],
    ],
    { subcommand: 'run' },
  ),
  wrapper('mamba', [['-n --name', 'str', 'Environment.']], { subcommand: 'run' }),
  wrapper(
    'uv',
    [
      ['--with', 'str', 'Another package.'],
      ['--python', 'str', 'Python.'],
    ],
    { subcommand: 'run' },
  ),
  wrapper('poetry', [], { subcommand: 'run' }),
  wrapper('pipenv', [], { subcommand: 'run' }),
]

/** The launcher that a program name stands for. */
export function launcherOf(program: string): LauncherSpec | undefined {
  const name = program.slice(program.lastIndexOf('/') + 1)
  return launcherSpecs.find((spec) => spec.program.test(name))
}

const debuggers = options('Debugger', [
  ['--listen', 'str', 'Port to wait at.'],
  ['--connect', 'str', 'Port to connect to.'],
  ['--wait-for-client', 'switch', 'Wait until somebody is connected.'],
  ['-c', 'str', 'Command of the debugger.'],
  ['-o', 'path', 'File for the profile.'],
  ['-s', 'str', 'Order of the profile.'],
])

const moduleLaunchers: Record<string, readonly ArgumentSpec[]> = {
  'torch.distributed.run': torchrun,
  'torch.distributed.launch': torchrun,
  'accelerate.commands.launch': accelerate,
  'deepspeed.launcher.runner': deepspeed,
  pdb: debuggers,
  ipdb: debuggers,
  debugpy: debuggers,
  cProfile: debuggers,
}

/** The options of a module that starts a script itself, as in `python -m torch.distributed.run`. */
export const argumentsOfModule = (module: string | undefined): readonly ArgumentSpec[] | undefined =>
  module !== undefined && Object.hasOwn(moduleLaunchers, module) ? moduleLaunchers[module] : undefined

/** The launcher that such a module is under another name. */
export function launcherOfModule(module: string): 'torchrun' | 'accelerate' | 'deepspeed' | undefined {
  const args = argumentsOfModule(module)
  if (args === torchrun) return 'torchrun'
  if (args === accelerate) return 'accelerate'
  return args === deepspeed ? 'deepspeed' : undefined
}

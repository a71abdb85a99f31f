/**
 * The arguments of `train_csgo.py`: three dataclasses read by HfArgumentParser. Types and defaults are those of the
 * program; the help says in plain words what each does, and what overrides it.
 */
import { section, type ArgumentSpec, type ScriptCatalogue } from './argumentSpec.ts'

const yamlWins = ' A value in the YAML config wins over this one.'

const run = section('Run', [
  ['csgo_config', 'path', '""', 'YAML config of the experiment.'],
  [
    'output_dir',
    'path',
    undefined,
    'Folder for checkpoints. Training resumes by itself when it already holds some.',
  ],
  ['run_name', 'str', 'None', 'Name in wandb; the name of the output folder when missing.'],
  ['report_to', 'str', 'all', 'Where metrics are sent: wandb, tensorboard, none.'],
  ['seed', 'int', '42', 'Random seed of the trainer.'],
  ['logging_steps', 'float', '500', 'Optimizer steps between two log lines.'],
  ['logging_dir', 'path', 'None', 'Folder for TensorBoard files.'],
  ['resume_from_checkpoint', 'path', 'None', 'Checkpoint folder to go on from.'],
  ['overwrite_output_dir', 'bool', 'False', 'Kept for old scripts; newer trainers ignore it.'],
  ['do_train', 'bool', 'False', 'Not read by this script: it always trains.'],
])

const schedule = section('Schedule and batch', [
  ['num_train_epochs', 'float', '3.0', 'Passes over the data set.'],
  ['max_steps', 'int', '-1', 'Optimizer steps in all; wins over the epochs when positive.'],
  [
    'per_device_train_batch_size',
    'int',
    '8',
    'Entries per GPU and forward pass. A balanced data set gives two samples per entry.',
  ],
  ['per_device_eval_batch_size', 'int', '8', 'Entries per GPU while evaluating.'],
  [
    'gradient_accumulation_steps',
    'int',
    '1',
    'Forward passes before one optimizer step. The logged loss is their sum.',
  ],
  ['eval_strategy', 'choice', 'no', 'When to evaluate.'],
  ['evaluation_strategy', 'choice', 'no', 'Old name of eval_strategy.'],
  ['eval_steps', 'float', 'None', 'Steps between two evaluations.'],
  ['save_strategy', 'choice', 'steps', 'When to save a checkpoint.'],
  ['save_steps', 'float', '500', 'Optimizer steps between two checkpoints.'],
  ['save_total_limit', 'int', 'None', 'How many checkpoints are kept; older ones are deleted.'],
  ['save_only_model', 'bool', 'False', 'Save weights only; such a checkpoint cannot be resumed.'],
  [
    'resume_preserve_effective_batch_size',
    'bool',
    'True',
    'Keep samples per step when resuming with another number of GPUs.',
  ],
  ['resume_target_effective_batch_size', 'int', 'None', 'Samples per step to reach after resuming.'],
  [
    'resume_rewrite_trainer_state_batch_size',
    'bool',
    'True',
    'Correct train_batch_size inside trainer_state.json when resuming.',
  ],
  ['resume_checkpoint_train_batch_size', 'int', 'None', 'Batch per GPU the checkpoint was trained with.'],
  [
    'resume_checkpoint_gradient_accumulation_steps',
    'int',
    'None',
    'Accumulation the checkpoint was trained with.',
  ],
  ['resume_checkpoint_world_size', 'int', 'None', 'Number of GPUs the checkpoint was trained with.'],
])

const optimisation = section('Optimisation', [
  ['learning_rate', 'float', '5e-05', `Peak learning rate.${yamlWins}`],
  ['weight_decay', 'float', '0.0', `Weight decay of AdamW.${yamlWins}`],
  ['warmup_ratio', 'float', '0.0', `Share of all steps that warms up.${yamlWins}`],
  ['warmup_steps', 'float', '0', 'Warm-up steps; wins over the ratio.'],
  ['lr_scheduler_type', 'str', 'linear', `Shape of the learning rate over time.${yamlWins}`],
  ['lr_scheduler_kwargs', 'str', '{}', 'The program replaces this by {min_lr: 1e-5}, or by the YAML value.'],
  ['optim', 'str', 'adamw_torch', 'Optimizer.'],
  ['adam_beta1', 'float', '0.9', 'First momentum of Adam.'],
  ['adam_beta2', 'float', '0.999', 'Second momentum of Adam.'],
  ['adam_epsilon', 'float', '1e-08', 'Epsilon of Adam.'],
  ['max_grad_norm', 'float', '1.0', 'Gradient clipping.'],
  ['mm_projector_lr', 'float', 'None', 'Learning rate of the multimodal projector.'],
  ['action_dit_lr', 'float', '0.0001', 'Learning rate of the localisation head.'],
  ['action_dit_projector_lr', 'float', '0.001', 'Learning rate of the localisation projector.'],
  ['action_dit_connector_lr', 'float', 'None', 'Learning rate of the localisation connector.'],
  ['action_dit_norm_lr', 'float', 'None', 'Learning rate of the localisation norm layers.'],
  ['action_io_mlp_lr', 'float', 'None', 'Learning rate of the pose input and output layers.'],
  ['loc_token_lr', 'float', 'None', `Learning rate of the location tokens.${yamlWins}`],
  ['loc_learnable_query_lr', 'float', '0.0005', 'Learning rate of the learnable location query.'],
  ['shared_llm_tail_lr', 'float', 'None', 'Learning rate of the shared last layers.'],
  ['llm_lr', 'float', '1e-05', 'Learning rate of the language model when it is trained in full.'],
  ['group_by_modality_length', 'bool', 'False', 'Group samples of similar length.'],
])

const speed = section('Precision and speed', [
  ['bf16', 'bool', 'True', 'Train in bfloat16.'],
  ['fp16', 'bool', 'False', 'Train in float16.'],
  ['tf32', 'bool', 'None', 'Allow TF32 matrix products.'],
  [
    'gradient_checkpointing',
    'bool',
    'False',
    'Compute activations again instead of keeping them: less memory, more time.',
  ],
  [
    'deepspeed',
    'path',
    'None',
    'The program always uses deepspeed_scripts/zero0.json, whatever stands here.',
  ],
  [
    'dataloader_num_workers',
    'int',
    '0',
    'Loader processes per GPU; 0 becomes half the CPUs, at least 4 and at most 16.',
  ],
  ['dataloader_pin_memory', 'bool', 'True', 'Pin loader memory.'],
  ['dataloader_prefetch_factor', 'int', 'None', 'Batches prepared ahead by each worker.'],
  ['dataloader_drop_last', 'bool', 'False', 'Drop the last incomplete batch.'],
  ['dataloader_persistent_workers', 'bool', 'False', 'Keep loader processes between epochs.'],
  ['remove_unused_columns', 'bool', 'False', 'Leave off: the collator needs every column.'],
  ['ddp_find_unused_parameters', 'bool', 'None', 'Needed when a head gets no gradient in some steps.'],
  ['ddp_timeout', 'int', '1800', 'Seconds before a waiting rank gives up.'],
  ['enable_step_timing', 'bool', 'True', 'Log the time of each part of a step.'],
  ['step_timing_sync_cuda', 'bool', 'True', 'Wait for the GPU before taking times: exact, slightly slower.'],
  ['torch_compile', 'bool', 'False', 'Compile the model.'],
  ['double_quant', 'bool', 'True', 'Quantise the quantisation constants (only below 16 bits).'],
  ['quant_type', 'choice', 'nf4', 'Kind of 4-bit quantisation.'],
  ['bits', 'int', '16', 'Bits per weight.'],
  ['mpt_attn_impl', 'str', 'triton', 'Attention of MPT models; not used here.'],
  ['local_rank', 'int', '-1', 'Set by the launcher.'],
])

const model = section('Model', [
  ['model_name_or_path', 'path', 'facebook/opt-125m', 'Base model.'],
  ['mllm_hf_path', 'str', '""', 'Hugging Face name of the multimodal language model.'],
  ['mllm_path', 'path', '""', 'Local multimodal language model.'],
  ['vae_path', 'path', '""', 'Image decoder weights.'],
  ['dit_path', 'path', '""', 'Diffusion transformer weights.'],
  ['unilip_path', 'path', '""', 'UniLIP weights.'],
  ['pretrain_path', 'path', 'none', 'Checkpoint to start from.'],
  ['cache_dir', 'path', 'None', 'Folder for downloaded models.'],
  ['version', 'str', 'v0', 'Conversation template.'],
  ['unilip_factor', 'float', '5.85', 'Scale of the UniLIP latents.'],
  ['n_query', 'int', '729', 'Image tokens that are generated.'],
  ['n_und_query', 'int', '729', 'Image tokens for understanding.'],
  ['model_max_length', 'int', '512', 'Longest sequence in tokens.'],
  ['connect_layer', 'int', '6', 'Layers of the connector between language model and image head.'],
  ['action_dit_layer', 'int', '3', 'Layers of the localisation head.'],
  [
    'is_action_dit_dense_timestep',
    'bool',
    'False',
    'Give the timestep to every layer of the localisation head.',
  ],
  ['is_action_dit_projector', 'bool', 'False', 'Use a projector in front of the localisation head.'],
  ['is_loc_learnable_query', 'bool', 'False', 'Use a learnable location query.'],
  ['weighting_scheme', 'str', 'logit_normal', 'How timesteps are drawn.'],
  ['vision_tower', 'str', 'None', 'Vision encoder.'],
  ['gen_vision_tower', 'str', 'None', 'Vision encoder of the generation branch.'],
  ['vision_tower_pretrained', 'path', 'None', 'Weights of the vision encoder.'],
  ['mm_vision_select_layer', 'int', '-1', 'Layer of the vision encoder that is read.'],
  ['mm_vision_select_feature', 'str', 'patch', 'Which tokens of that layer are read.'],
  ['mm_patch_merge_type', 'str', 'flat', 'How patches are merged.'],
  ['mm_projector_type', 'str', 'linear', 'Kind of multimodal projector.'],
  ['gen_projector_type', 'str', 'linear', 'Kind of generation projector.'],
  ['pretrain_mm_mlp_adapter', 'path', 'None', 'Weights of the multimodal projector.'],
  ['pretrain_gen_mlp_adapter', 'path', 'None', 'Weights of the generation projector.'],
  ['gen_pooling', 'str', 'all', 'Pooling of the generation tokens.'],
  ['mm_use_im_start_end', 'bool', 'False', 'Put start and end tokens around an image.'],
  ['mm_use_im_patch_token', 'bool', 'True', 'Use a patch token.'],
])

const trainable = section('What is trained', [
  ['fix_dit', 'bool', 'False', `Freeze the image head.${yamlWins}`],
  ['fix_connect', 'bool', 'False', `Freeze the connector.${yamlWins}`],
  ['fix_vit', 'bool', 'True', `Freeze the vision encoder.${yamlWins}`],
  ['fix_llm', 'bool', 'True', `Freeze the language model.${yamlWins}`],
  ['freeze_backbone', 'bool', 'True', 'Freeze the base model.'],
  ['tune_mm_mlp_adapter', 'bool', 'False', 'Train only the multimodal projector.'],
  ['freeze_mm_mlp_adapter', 'bool', 'False', 'Freeze the multimodal projector.'],
  ['train_mm_projector_only', 'bool', 'False', 'Train nothing but the multimodal projector.'],
  ['llm_train_mode', 'choice', 'frozen', 'How the language model is trained.'],
  ['train_shared_llm_tail_only', 'bool', 'False', 'Train only the last layers of the language model.'],
  ['shared_llm_tail_num_layers', 'int', '2', 'How many last layers that are.'],
])

const lora = section('LoRA', [
  ['is_lora', 'bool', 'False', 'Train low-rank adapters.'],
  ['lora_r', 'int', '64', `Rank.${yamlWins}`],
  ['lora_alpha', 'int', '16', `Scale.${yamlWins}`],
  ['lora_dropout', 'float', '0.05', `Dropout.${yamlWins}`],
  ['lora_weight_path', 'path', '""', 'Adapters to start from.'],
  ['lora_bias', 'str', 'none', 'Which biases are trained.'],
  ['llm_lora_lr', 'float', '0.0001', 'Learning rate of the language model adapters.'],
  ['llm_connector_lora_lr', 'float', 'None', 'Learning rate of the connector adapters.'],
  ['gen_dit_lora_lr', 'float', 'None', 'Learning rate of the image head adapters.'],
  ['action_dit_lora_lr', 'float', 'None', 'Learning rate of the localisation head adapters.'],
  ['shared_llm_tail_lora_enabled', 'bool', 'False', 'Use adapters in the last layers.'],
  ['shared_llm_tail_lora_mode', 'choice', 'lora_only', 'How they are combined with the layers.'],
  ['shared_llm_tail_lora_r', 'int', '16', 'Rank of these adapters.'],
  ['shared_llm_tail_lora_alpha', 'int', '32', 'Scale of these adapters.'],
  ['shared_llm_tail_lora_dropout', 'float', '0.05', 'Dropout of these adapters.'],
  ['shared_llm_tail_lora_lr', 'float', 'None', 'Learning rate of these adapters.'],
])

const data = section('Data', [
  ['data_type', 'str', 'mix', 'Kind of data set.'],
  ['csgo_image_folder', 'path', 'None', 'Folder that holds a folder for each map.'],
  ['shortcaption_image_folder', 'path', 'None', 'Folder of captioned images; not used here.'],
  ['data_path', 'path', 'None', 'Data file; the splits of the maps are used when missing.'],
  ['lazy_preprocess', 'bool', 'False', 'Prepare samples when they are needed.'],
  ['is_multimodal', 'bool', 'False', 'Set by the program.'],
  ['image_aspect_ratio', 'str', 'square', 'How pictures are brought to their size.'],
])

const choices: Record<string, readonly string[]> = {
  '--eval_strategy': ['no', 'steps', 'epoch'],
  '--evaluation_strategy': ['no', 'steps', 'epoch'],
  '--save_strategy': ['no', 'steps', 'epoch', 'best'],
  '--llm_train_mode': ['frozen', 'lora', 'full'],
  '--quant_type': ['nf4', 'fp4'],
  '--shared_llm_tail_lora_mode': ['lora_only'],
}

const args: ArgumentSpec[] = [run, schedule, optimisation, speed, model, trainable, lora, data]
  .flat()
  .map((spec) => (choices[spec.flag] ? { ...spec, choices: choices[spec.flag] } : spec))

/** Everything `train_csgo.py` reads: its own fields and the trainer's fields in use. */
export const trainCatalogue: ScriptCatalogue = { script: 'train_csgo.py', title: 'Training', args }

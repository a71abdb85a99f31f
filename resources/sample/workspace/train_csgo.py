"""Trainer of the sample workspace: the arguments, log lines, checkpoints and bars of the real one, with a tiny model.

It needs nothing but Python 3.8 or newer and really fits the model of `sample_model.py` to the sample frames. With
torchrun every rank trains on its own share of the frames; ranks do not exchange gradients, and rank 0 writes the files.
"""
import argparse
import json
import logging
import math
import os
import random
import shutil
import signal
import sys
import time
from datetime import datetime

from sample_model import (MAPS, SampleModel, latest_checkpoint, load_split, normalized_pose, read_config, z_range)

logger = logging.getLogger("csgo")
MIN_LR = 1e-5


def truth(text):
    if text.lower() in ("true", "1", "yes"):
        return True
    if text.lower() in ("false", "0", "no"):
        return False
    raise argparse.ArgumentTypeError(f"expected True or False, found {text!r}")


def parse_arguments(argv=None):
    """The arguments of the real trainer; those the tiny model has no use for are accepted and kept."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("--csgo_config", required=True)
    add("--output_dir", required=True)
    add("--num_train_epochs", type=float, default=3.0)
    add("--max_steps", type=int, default=-1)
    add("--per_device_train_batch_size", type=int, default=8)
    add("--per_device_eval_batch_size", type=int, default=8)
    add("--gradient_accumulation_steps", type=int, default=1)
    add("--learning_rate", type=float, default=5e-5)
    add("--weight_decay", type=float, default=0.0)
    add("--warmup_ratio", type=float, default=0.0)
    add("--lr_scheduler_type", default="linear")
    add("--max_grad_norm", type=float, default=1.0)
    add("--save_strategy", default="steps", choices=["no", "steps", "epoch"])
    add("--eval_strategy", default="no")
    add("--save_steps", type=int, default=500)
    add("--save_total_limit", type=int, default=None)
    add("--logging_steps", type=int, default=1)
    add("--seed", type=int, default=42)
    add("--deepspeed", default=None)
    add("--report_to", default="none")
    add("--csgo_image_folder", default=None)
    for name in ("model_name_or_path", "mllm_hf_path", "version", "data_type", "pretrain_path", "run_name"):
        add(f"--{name}", default=None)
    for name in ("model_max_length", "dataloader_num_workers", "n_query", "n_und_query", "action_dit_layer",
                 "lora_r", "lora_alpha"):
        add(f"--{name}", type=int, default=None)
    add("--unilip_factor", type=float, default=None)
    for name in ("bf16", "tf32", "gradient_checkpointing", "lazy_preprocess", "fix_dit", "fix_connect", "fix_llm",
                 "fix_vit", "mm_use_im_start_end", "mm_use_im_patch_token", "is_lora"):
        add(f"--{name}", type=truth, default=None)
    # Only whole names: a shortened flag would be taken for another one.
    parser.allow_abbrev = False
    return parser.parse_known_args(argv)


class RecordFormatter(logging.Formatter):
    def __init__(self):
        super().__init__("%(asctime)s - %(levelname)s - %(message)s - (%(process)d:%(filename)s:%(lineno)d)",
                         "%Y-%m-%d %H:%M:%S")


def start_logging(experiment, rank):
    stamp = datetime.now().strftime("%Y%m%d_%H%M%S")
    folder = os.path.join("logs", "csgo_1b", experiment, f"train_{stamp}")
    os.makedirs(folder, exist_ok=True)
    logger.setLevel(logging.INFO if rank == 0 else logging.WARNING)
    logger.propagate = False
    for handler in (logging.FileHandler(os.path.join(folder, "train.log"), encoding="utf-8"),
                    logging.StreamHandler(sys.stderr)):
        handler.setFormatter(RecordFormatter())
        logger.addHandler(handler)


class Bar:
    """A progress bar on stderr, in the manner of tqdm."""

    def __init__(self, total, done):
        self.total, self.start, self.first = total, time.monotonic(), done

    def show(self, done):
        elapsed = time.monotonic() - self.start
        rate = (done - self.first) / elapsed if elapsed > 0 else 0
        left = (self.total - done) / rate if rate > 0 else 0
        filled = int(10 * done / self.total) if self.total else 10
        bar = "█" * filled + " " * (10 - filled)
        speed = f"{rate:5.2f}it/s" if rate >= 1 or rate == 0 else f"{1 / rate:5.2f}s/it"
        sys.stderr.write(f"\r{done / max(1, self.total):4.0%}|{bar}| {done}/{self.total} "
                         f"[{clock(elapsed)}<{clock(left)}, {speed}]")
        sys.stderr.flush()


def clock(seconds):
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{rest:02d}" if minutes >= 60 else f"{minutes:02d}:{rest:02d}"


def learning_rate_at(step, total, peak, warmup_ratio, schedule):
    """Rate of the step with this index (from 0): warm-up, then the schedule."""
    warmup = math.ceil(total * warmup_ratio)
    if step < warmup:
        return peak * step / warmup
    progress = (step - warmup) / max(1, total - warmup)
    if schedule == "constant":
        return peak
    if schedule == "linear":
        return peak * max(0.0, 1 - progress)
    floor = min(MIN_LR, peak) if schedule == "cosine_with_min_lr" else 0.0
    return floor + (peak - floor) * 0.5 * (1 + math.cos(math.pi * progress))


def scheduled(config, name, default, step):
    """A loss weight, perhaps piecewise linear in the step."""
    steps, values = config.get(f"{name}_schedule_steps"), config.get(f"{name}_schedule_values")
    if not steps:
        return float(config.get(f"{name}_loss", default))
    if len(steps) != len(values):
        raise ValueError(f"{name}_schedule_steps has {len(steps)} entries, {name}_schedule_values {len(values)}")
    if step <= steps[0]:
        return float(values[0])
    for (a, va), (b, vb) in zip(zip(steps, values), zip(steps[1:], values[1:])):
        if step <= b:
            return va + (vb - va) * (step - a) / max(1, b - a)
    return float(values[-1])


class Trainer:
    def __init__(self, args, config, rank, world):
        self.args, self.config, self.rank, self.world = args, config, rank, world
        data_dir = config.get("data_dir") or args.csgo_image_folder
        self.entries = []
        logger.info("🔄 Loading Multi-Task CS2 Dataset...")
        split = "test_split.json" if config.get("debug") else "train_split.json"
        for name in config["train_maps"]:
            if name not in MAPS:
                raise ValueError(f"train_maps: the sample has {', '.join(MAPS)}, not {name!r}")
            logger.info(f"Loading CS2 Data Split {data_dir}/{name}/splits_20000_5000/{split}...")
            limits = z_range(data_dir, name)
            for entry in load_split(data_dir, name, split):
                entry["pose"] = normalized_pose(entry, limits)
                self.entries.append(entry)
        if config.get("debug"):
            self.entries = self.entries[:config.get("debug_num_train_data", 100)]
        logger.info(f"✅ Total entries: {len(self.entries)}")
        self.model = SampleModel(args.seed)
        logger.info(f"Total parameters: {self.model.parameter_count()}")
        logger.info(f"Trainable parameters: {self.model.parameter_count()}")
        logger.info("trainable percent: 100.000000 %")
        share = math.ceil(len(self.entries) / world)
        self.micro_batches = math.ceil(share / args.per_device_train_batch_size)
        self.steps_per_epoch = max(1, self.micro_batches // args.gradient_accumulation_steps)
        whole = math.ceil(args.num_train_epochs * self.steps_per_epoch)
        self.max_steps = args.max_steps if args.max_steps > 0 else whole
        self.step, self.history, self.stopping = 0, [], False

    def epoch_order(self, epoch):
        """This rank's frames of an epoch, shuffled alike on every rank."""
        order = list(range(len(self.entries)))
        random.Random(self.args.seed * 1000003 + epoch).shuffle(order)
        return order[self.rank::self.world]

    def resume(self):
        found = latest_checkpoint(self.args.output_dir)
        if not found:
            return
        logger.info(f"Resuming from {found}")
        self.model.load(os.path.join(found, "model.safetensors"))
        self.model.load_optimizer(os.path.join(found, "optimizer.safetensors"))
        with open(os.path.join(found, "trainer_state.json"), encoding="utf-8") as file:
            state = json.load(file)
        self.step, self.history = state["global_step"], state["log_history"]

    def run(self):
        args, begun = self.args, time.monotonic()
        self.resume()
        first, losses = self.step, []
        bar = Bar(self.max_steps, self.step)
        if self.rank == 0:
            bar.show(self.step)
        while self.step < self.max_steps and not self.stopping:
            record = self.train_step()
            losses.append(record["loss"])
            if self.step % args.logging_steps == 0:
                self.log(record)
            if self.rank == 0:
                bar.show(self.step)
            at_epoch = args.save_strategy == "epoch" and self.step % self.steps_per_epoch == 0
            at_steps = args.save_strategy == "steps" and self.step % args.save_steps == 0
            if at_epoch or at_steps:
                self.save()
        if self.stopping:
            self.save()
            logger.warning(f"Interrupted after step {self.step}; the checkpoint is saved, the same command goes on.")
            return 130
        self.finish(begun, first, losses)
        return 0

    def train_step(self):
        args, config = self.args, self.config
        started = time.monotonic()
        batch_time = forward_time = backward_time = 0.0
        epoch, within = divmod(self.step, self.steps_per_epoch)
        order = self.epoch_order(epoch)
        alpha = scheduled(config, "alpha_loc", 1.0, self.step)
        for layer in self.model.layers:
            layer.zero_grad()
        loss_sum, info = 0.0, {}
        for k in range(args.gradient_accumulation_steps):
            at = time.monotonic()
            begin = (within * args.gradient_accumulation_steps + k) * args.per_device_train_batch_size
            batch = [self.entries[i] for i in order[begin:begin + args.per_device_train_batch_size]] or [self.entries[order[0]]]
            batch_time += time.monotonic() - at
            at = time.monotonic()
            balanced = bool(config.get("is_multi_task_balanced"))
            mixed = random.Random(args.seed + 7919 * self.step + k)
            is_loc = [balanced or mixed.random() < float(config.get("task_mix_ratio", 0.5)) for _ in batch]
            is_gen = [balanced or not loc for loc in is_loc]
            loc_losses = [self.model.loc_loss(e["pixels"], e["map"], e["pose"]) for e, on in zip(batch, is_loc) if on]
            gen_losses = [self.model.gen_loss(e["pose"], e["map"], e["pixels"]) for e, on in zip(batch, is_gen) if on]
            loc_count, gen_count = len(loc_losses), len(gen_losses)
            loc = sum(loss for loss, _ in loc_losses) / max(1, loc_count)
            gen = sum(loss for loss, _ in gen_losses) / max(1, gen_count)
            forward_time += time.monotonic() - at
            at = time.monotonic()
            for _, backward in loc_losses:
                backward(alpha / loc_count / args.gradient_accumulation_steps)
            for _, backward in gen_losses:
                backward(1 / gen_count / args.gradient_accumulation_steps)
            backward_time += time.monotonic() - at
            total = gen + alpha * loc
            loss_sum += total
            info = {"loc_indices": loc_count, "gen_indices": gen_count, "total_loss": total, "loc_loss": loc,
                    "alpha_loc": alpha, "gen_loss": gen, "loc_aux_loss": 0.0,
                    "alpha_loc_aux": float(config.get("alpha_loc_aux_loss", 1.0))}
        at = time.monotonic()
        norm = math.sqrt(sum(layer.grad_square_sum() for layer in self.model.layers))
        clip = min(1.0, args.max_grad_norm / (norm + 1e-6)) if args.max_grad_norm > 0 else 1.0
        rate = learning_rate_at(self.step, self.max_steps, args.learning_rate, args.warmup_ratio, args.lr_scheduler_type)
        self.step += 1
        for layer in self.model.layers:
            layer.step(rate, clip, self.step, args.weight_decay)
        backward_time += time.monotonic() - at
        total_time = time.monotonic() - started
        timing = {"total": total_time, "batch": batch_time, "prepare": 0.0, "forward": forward_time,
                  "backward": backward_time, "other": max(0.0, total_time - batch_time - forward_time - backward_time)}
        # As in the real trainer, the logged loss is the sum over the accumulated micro-batches.
        return {"loss": round(loss_sum, 4), "grad_norm": norm, "learning_rate": rate,
                "epoch": self.step / self.steps_per_epoch, "step": self.step, "other_info": info, "timing": timing}

    def log(self, record):
        timing = record.pop("timing")
        self.history.append(dict(record))
        times = ", ".join(f"{key}={value:.4f}s" for key, value in timing.items())
        logger.info(f"[ Step {record['step']} ] Loss: {record['loss']:.6f} | LR: {record['learning_rate']:.4e} | "
                    f"Epoch: {record['epoch']:.2f} | Other Info: {record['other_info']} | Timing({times})")
        if self.rank == 0:
            shown = {key: record[key] for key in ("loss", "grad_norm", "learning_rate", "epoch", "other_info")}
            shown.update({"step_total_time": timing["total"], "batch_load_time": timing["batch"],
                          "prepare_inputs_time": timing["prepare"], "forward_time": timing["forward"],
                          "backward_time": timing["backward"], "other_iteration_time": timing["other"]})
            print(shown, flush=True)

    def state(self):
        args = self.args
        return {"best_global_step": None, "best_metric": None, "best_model_checkpoint": None,
                "epoch": self.step / self.steps_per_epoch, "eval_steps": 500, "global_step": self.step,
                "is_hyper_param_search": False, "is_local_process_zero": True, "is_world_process_zero": True,
                "log_history": self.history, "logging_steps": float(args.logging_steps), "max_steps": self.max_steps,
                "num_input_tokens_seen": 0, "num_train_epochs": math.ceil(args.num_train_epochs),
                "save_steps": args.save_steps, "stateful_callbacks": {}, "total_flos": 0.0,
                "train_batch_size": args.per_device_train_batch_size, "trial_name": None, "trial_params": None}

    def write_files(self, folder):
        os.makedirs(folder, exist_ok=True)
        self.model.save(os.path.join(folder, "model.safetensors"))
        write_json(os.path.join(folder, "config.json"), {"model_type": "parallax_sample", "maps": MAPS, "thumbnail": [16, 12]})
        write_json(os.path.join(folder, "trainer_state.json"), self.state())

    def save(self):
        if self.rank != 0:
            return
        folder = os.path.join(self.args.output_dir, f"checkpoint-{self.step}")
        # Complete under another name first: a kill in the middle leaves no half checkpoint to resume from.
        partial = os.path.join(self.args.output_dir, f"tmp-checkpoint-{self.step}")
        shutil.rmtree(partial, ignore_errors=True)
        self.write_files(partial)
        self.model.save_optimizer(os.path.join(partial, "optimizer.safetensors"))
        write_json(os.path.join(partial, "training_args.json"), vars(self.args))
        shutil.rmtree(folder, ignore_errors=True)
        os.replace(partial, folder)
        self.prune()

    def prune(self):
        limit = self.args.save_total_limit
        if not limit or limit <= 0:
            return
        steps = sorted(int(name[11:]) for name in os.listdir(self.args.output_dir)
                       if name.startswith("checkpoint-") and name[11:].isdigit())
        for step in steps[:-limit]:
            shutil.rmtree(os.path.join(self.args.output_dir, f"checkpoint-{step}"))

    def finish(self, begun, first, losses):
        runtime = time.monotonic() - begun
        done = self.step - first
        seen = done * self.args.per_device_train_batch_size * self.args.gradient_accumulation_steps * self.world
        summary = {"train_runtime": round(runtime, 4), "train_samples_per_second": round(seen / runtime, 3),
                   "train_steps_per_second": round(done / runtime, 3), "total_flos": 0.0,
                   "train_loss": sum(losses) / len(losses) if losses else 0.0,
                   "epoch": self.step / self.steps_per_epoch}
        self.history.append({**summary, "step": self.step})
        if self.rank == 0:
            sys.stderr.write("\n")
            print(summary, flush=True)
            if self.args.save_strategy != "no" and latest_checkpoint(self.args.output_dir) != os.path.join(
                    self.args.output_dir, f"checkpoint-{self.step}"):
                self.save()
            self.write_files(self.args.output_dir)
        logger.info(f"[ Step {self.step} ] Epoch: {self.step / self.steps_per_epoch:.2f}")


def write_json(path, value):
    with open(path + ".tmp", "w", encoding="utf-8") as file:
        json.dump(value, file, indent=2)
    os.replace(path + ".tmp", path)


def main():
    args, unknown = parse_arguments()
    rank = int(os.environ.get("RANK", 0))
    world = int(os.environ.get("WORLD_SIZE", os.environ.get("SLURM_NTASKS", 1)))
    for name in ("per_device_train_batch_size", "gradient_accumulation_steps", "logging_steps", "save_steps"):
        if getattr(args, name) < 1:
            raise ValueError(f"--{name} must be at least 1, not {getattr(args, name)}")
    if not 0 <= rank < world:
        raise ValueError(f"RANK is {rank}, but WORLD_SIZE is {world}")
    config = read_config(args.csgo_config)
    # The config wins over the command line, as in the real trainer.
    for name in ("learning_rate", "weight_decay", "warmup_ratio"):
        if config.get(name) is not None:
            setattr(args, name, float(config[name]))
    args.lr_scheduler_type = config.get("lr_scheduler_type") or args.lr_scheduler_type
    start_logging(os.path.basename(os.path.normpath(args.output_dir)), rank)
    logger.info(f"data_args: DataArguments(csgo_config='{args.csgo_config}', csgo_image_folder='{args.csgo_image_folder}')")
    fields = {**vars(args), "world_size": world}
    dump = "".join(f"{key}={fields[key]},\n" for key in sorted(fields))
    logger.info(f"training_args: TrainingArguments(\n{dump})")
    logger.info(f"csgo_config: {config}")
    if unknown:
        # Names only: a value may be a token.
        names = [word.split("=")[0] for word in unknown if word.startswith("--")]
        logger.warning(f"Arguments without a use here: {' '.join(names)}")
    if world > 1:
        logger.warning(f"{world} ranks: each trains on its own share of the frames, gradients are not exchanged.")
    trainer = Trainer(args, config, rank, world)

    def stop(_signal, _frame):
        trainer.stopping = True
    signal.signal(signal.SIGINT, stop)
    return trainer.run()


if __name__ == "__main__":
    sys.exit(main())

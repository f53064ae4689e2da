"""The sentence encoder: fine-tuned by distillation from a larger teacher, and exported for serving."""

"""From a job to frames: the lesson, its plan, its renderers."""

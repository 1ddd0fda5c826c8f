"""What the doctor looks for, one module a kind of training; see gan_core.doctor.rulebook."""

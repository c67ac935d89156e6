"""The portal: the control plane, as a process of its own."""

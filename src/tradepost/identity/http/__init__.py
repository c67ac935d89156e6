"""The doors of identity: signing up, in and out, whoever asks for it."""

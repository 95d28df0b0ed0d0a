"""What a pseudopotential is worth: other configurations, scattering, dimers."""

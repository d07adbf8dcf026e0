"""Parts of the code reader: languages, licences, notebooks, what a repository holds that nobody wrote, git objects."""

"""Files for other programs, and files from them: quizzes, flash cards, a calendar entry."""

"""Courses: what each teaches is data, its words are files that people can read and approve."""

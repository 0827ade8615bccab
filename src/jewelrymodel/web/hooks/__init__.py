"""What others call: verified, stored once, answered; the work is a task's."""

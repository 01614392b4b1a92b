namespace Volley.Training;

/// <summary>Training cannot go on: a number is no longer finite. The message says in which layer and at which step.</summary>
public sealed class TrainingFailedException(string message) : Exception(message);

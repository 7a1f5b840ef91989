/* Runs one signature of a SavedModel through TensorFlow's C API.

   load FOLDER OUTPUT [INPUT FILE BATCH HEIGHT WIDTH]...

   INPUT and OUTPUT are names of operations; each FILE holds the input's floats, and
   the floats of the output, which has three channels, go to standard output. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tensorflow/c/c_api.h>

static void check(TF_Status *status) {
  if (TF_GetCode(status) != TF_OK) {
    fprintf(stderr, "%s\n", TF_Message(status));
    exit(1);
  }
}

static TF_Output find(TF_Graph *graph, const char *name) {
  char operation[200];
  int index = 0;
  sscanf(name, "%199[^:]:%d", operation, &index);
  TF_Output found = {TF_GraphOperationByName(graph, operation), index};
  if (!found.oper) {
    fprintf(stderr, "no operation %s\n", operation);
    exit(1);
  }
  return found;
}

static TF_Tensor *read_floats(char **arguments) {
  int64_t shape[4] = {atoi(arguments[1]), atoi(arguments[2]), atoi(arguments[3]), 3};
  size_t size = sizeof(float) * shape[0] * shape[1] * shape[2] * shape[3];
  TF_Tensor *tensor = TF_AllocateTensor(TF_FLOAT, shape, 4, size);
  FILE *file = fopen(arguments[0], "rb");
  if (!file || fread(TF_TensorData(tensor), 1, size, file) != size) {
    fprintf(stderr, "cannot read %s\n", arguments[0]);
    exit(1);
  }
  fclose(file);
  return tensor;
}

int main(int count, char **arguments) {
  TF_Status *status = TF_NewStatus();
  TF_Graph *graph = TF_NewGraph();
  const char *tags[] = {"serve"};
  TF_Session *session = TF_LoadSessionFromSavedModel(
      TF_NewSessionOptions(), NULL, arguments[1], tags, 1, graph, NULL, status);
  check(status);
  TF_Output inputs[8], output = find(graph, arguments[2]);
  TF_Tensor *values[8], *result = NULL;
  int given = (count - 3) / 5;
  for (int i = 0; i < given; i++) {
    inputs[i] = find(graph, arguments[3 + 5 * i]);
    values[i] = read_floats(arguments + 4 + 5 * i);
  }
  TF_SessionRun(session, NULL, inputs, values, given, &output, &result, 1, NULL, 0,
                NULL, status);
  check(status);
  fwrite(TF_TensorData(result), 1, TF_TensorByteSize(result), stdout);
  return 0;
}

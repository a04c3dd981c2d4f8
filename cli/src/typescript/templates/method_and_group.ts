/** Makes a method that is a group of methods, too. Some properties of functions, such as `name`, must be defined to be changed. */
function methodAndGroup«<Method extends object, Group extends object>»(method«: Method», group«: Group»)«: Method & Group» {
  for (const [name, value] of Object.entries(group)) Object.defineProperty(method, name, { value });
  return method« as Method & Group»;
}

